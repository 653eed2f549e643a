import Multipart
import Testing

/// All that a parser says of a body that comes in pieces. Contents are joined, for where they are cut has no meaning.
struct Transcript: Equatable {
    struct Part: Equatable {
        var headers: PartHeaders
        var content: [UInt8] = []
        var isComplete = false
    }

    private(set) var parts: [Part] = []
    private(set) var isEnded = false
    private(set) var error: MultipartError?

    /// Feeds the pieces and finishes.
    init(of pieces: [ArraySlice<UInt8>], boundary: Boundary, limits: MultipartLimits = MultipartLimits()) {
        var parser = MultipartParser(boundary: boundary, limits: limits)
        self.init(of: pieces, by: &parser)
    }

    init(of pieces: [ArraySlice<UInt8>], by parser: inout MultipartParser) {
        do {
            for piece in pieces {
                var rest = piece
                while let event = try parser.nextEvent(from: &rest) { take(event) }
                #expect(rest.isEmpty, "all input is taken")
            }
            try parser.finish()
        } catch {
            self.error = error
        }
    }

    /// A body with the boundary `x`, whole.
    init(of body: String, limits: MultipartLimits = MultipartLimits()) throws {
        self.init(of: [Array(body.utf8)[...]], boundary: try Boundary("x"), limits: limits)
    }

    /// Contents as text.
    var texts: [String] { parts.map { String(decoding: $0.content, as: UTF8.self) } }

    private mutating func take(_ event: MultipartEvent) {
        #expect(!isEnded, "nothing comes after the end")
        let isInPart = parts.last?.isComplete == false
        switch event {
        case .partBegan(let headers):
            #expect(!isInPart)
            parts.append(Part(headers: headers))
        case .partBytes(let bytes):
            #expect(isInPart && !bytes.isEmpty)
            parts[parts.count - 1].content += bytes
        case .partEnded:
            #expect(isInPart)
            parts[parts.count - 1].isComplete = true
        case .ended:
            #expect(!isInPart)
            isEnded = true
        }
    }
}

/// The beginning of a part named `n` in a body with the boundary `x`, up to its content.
let partHead = "--x\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n"
