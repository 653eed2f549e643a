import Multipart
import Testing

/// Random bodies in random pieces, by the parser and by the plain splitter.
@Suite struct DifferentialTests {
    /// SplitMix64: the same numbers for the same seed, anywhere.
    struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static func body(boundary: String, by random: inout Random) -> [UInt8] {
        let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n"
        let pieces = [
            "\r", "\n", "\r\n", "-", "--", " ", "\t", "a", boundary, "--" + boundary, "\r\n--" + boundary,
            "\r\n--\(boundary)a", "\r\n--\(boundary)-", String("\r\n--\(boundary)".dropLast()),
            "\r\n" + head, "\r\n" + head, "\r\n" + head, head,
        ]
        var body = Bool.random(using: &random) ? head : ""
        for _ in 0..<Int.random(in: 0...12, using: &random) { body += pieces.randomElement(using: &random)! }
        if Int.random(in: 0..<4, using: &random) > 0 { body += "\r\n--\(boundary)--" }
        if Bool.random(using: &random) { body += pieces.randomElement(using: &random)! }
        return Array(body.utf8)
    }

    private static func cut(_ body: [UInt8], by random: inout Random) -> [ArraySlice<UInt8>] {
        let longest = Int.random(in: 1...20, using: &random)
        var pieces: [ArraySlice<UInt8>] = []
        var rest = body[...]
        while !rest.isEmpty {
            pieces.append(rest.prefix(Int.random(in: 0...longest, using: &random)))
            rest = rest[pieces[pieces.count - 1].endIndex...]
        }
        return pieces
    }

    private func end(of transcript: Transcript) -> WholeBodySplitter.End {
        switch transcript.error {
        case nil: .complete
        case .truncated, .boundaryNotFound: .truncated
        default: .refused
        }
    }

    @Test(arguments: ["b", "-", "--", "b b", "abab", "a-a"])
    func agreesWithThePlainSplitter(_ boundary: String) throws {
        var random = Random(state: 0x5EED)
        var seen: [WholeBodySplitter.End: Int] = [:]
        for round in 0..<1500 {
            let body = Self.body(boundary: boundary, by: &random)
            let expected = WholeBodySplitter(body, boundary: boundary)
            let transcript = Transcript(
                of: Self.cut(body, by: &random),
                boundary: try Boundary(boundary),
                limits: MultipartLimits(headersMax: 100)
            )
            let text = String(decoding: body, as: UTF8.self)
            #expect(end(of: transcript) == expected.end, "round \(round): \(text.debugDescription)")
            #expect(
                transcript.parts.filter(\.isComplete).map(\.content) == expected.contents,
                "round \(round): \(text.debugDescription)"
            )
            seen[expected.end, default: 0] += expected.contents.isEmpty ? 0 : 1
        }
        // Each kind of end was there often enough, after parts, to mean something.
        #expect(seen.values.allSatisfy { $0 > 50 } && seen.count == 3, "\(seen)")
    }
}
