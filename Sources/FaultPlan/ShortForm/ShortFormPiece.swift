/// A part of a short form that knows where it stands, and which of its characters are themselves (`\:`).
struct ShortFormPiece {
    private struct Mark: Hashable {
        let character: Character
        let isEscaped: Bool
        let offset: Int
    }

    private let marks: [Mark]
    /// Where it begins, in characters of the whole.
    let offset: Int

    init(_ text: String) {
        var marks: [Mark] = []
        var isEscaped = false
        for (offset, character) in text.enumerated() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                marks.append(Mark(character: character, isEscaped: isEscaped, offset: offset))
                isEscaped = false
            }
        }
        // A backslash at the end has nothing to escape and stands for itself.
        if isEscaped { marks.append(Mark(character: "\\", isEscaped: true, offset: text.count - 1)) }
        self.init(marks, offset: 0)
    }

    private init(_ marks: [Mark], offset: Int) {
        var marks = marks[...]
        var offset = offset
        while let first = marks.first, first.character == " ", !first.isEscaped {
            marks.removeFirst()
            offset += 1
        }
        while let last = marks.last, last.character == " ", !last.isEscaped { marks.removeLast() }
        self.marks = Array(marks)
        self.offset = offset
    }

    /// Without the backslashes.
    var text: String { String(marks.map(\.character)) }

    var isEmpty: Bool { marks.isEmpty }

    /// The parts between these characters, which may be empty.
    func split(_ separator: Character) -> [ShortFormPiece] {
        var pieces: [ShortFormPiece] = []
        var current: [Mark] = []
        var start = offset
        for mark in marks {
            if mark.character == separator, !mark.isEscaped {
                pieces.append(ShortFormPiece(current, offset: start))
                current = []
                start = mark.offset + 1
            } else {
                current.append(mark)
            }
        }
        return pieces + [ShortFormPiece(current, offset: start)]
    }

    /// What stands before and after the first `=`; nil where there is none.
    var assignment: (key: String, value: ShortFormPiece)? {
        guard let index = marks.firstIndex(where: { $0.character == "=" && !$0.isEscaped }) else { return nil }
        let key = String(marks[..<index].map(\.character))
        return (key, ShortFormPiece(Array(marks[(index + 1)...]), offset: marks[index].offset + 1))
    }
}
