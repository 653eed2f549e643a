import AMQP
import Testing

/// The opening of a connection.
@Suite struct ProtocolHeaderTests {
    /// Reads a protocol header, then frames, from pieces of a stream.
    private func open(_ octets: [UInt8], splits: [Int]) throws -> (ProtocolHeader?, frames: Int) {
        var decoder = FrameDecoder()
        var header: ProtocolHeader?
        var frames = 0
        var start = 0
        for end in splits + [octets.count] {
            try octets[start..<end].withUnsafeBytes { piece in
                var input = piece
                if header == nil { header = try decoder.nextProtocolHeader(&input) }
                guard header != nil else { return #expect(input.isEmpty) }
                while try decoder.next(&input) != nil { frames += 1 }
            }
            start = end
        }
        return (header, frames)
    }

    @Test func isReadAtEverySplitAndFramesFollow() throws {
        let octets = Array("AMQP".utf8) + [0, 0, 9, 1] + FrameDecoderTests.heartbeat
        for split in 0...octets.count {
            let (header, frames) = try open(octets, splits: [split])
            #expect(header == .amqp091)
            #expect(frames == 1)
        }
        #expect(try open(octets, splits: Array(1..<octets.count)) == (.amqp091, frames: 1))
    }

    @Test(arguments: [[0, 0, 9, 0], [1, 1, 0, 9], [0, 1, 0, 0], [3, 1, 0, 0], [0, 0, 9, 2]] as [[UInt8]])
    func ofAnotherVersionIsTold(_ version: [UInt8]) throws {
        let header = try #require(try open(Array("AMQP".utf8) + version, splits: []).0)
        #expect(header != .amqp091)
        #expect([header.id, header.major, header.minor, header.revision] == version)
        #expect(header.octets == Array("AMQP".utf8) + version)
    }

    @Test(arguments: ["GET / HTTP/1.1", "AMQ ", "amqp", "\u{16}\u{3}\u{1}", "A\u{0}"])
    func whatCannotBeOneIsRefusedAtOnce(_ text: String) {
        #expect(throws: ProtocolError.self) { try open(Array(text.utf8), splits: []) }
        #expect(throws: ProtocolError.self) { try open(Array(text.utf8), splits: [1]) }
    }

    @Test func isWrittenByClients() {
        var writer = FrameWriter()
        writer.protocolHeader()
        #expect(writer.bytes == [0x41, 0x4D, 0x51, 0x50, 0, 0, 9, 1])
        #expect(ProtocolHeader.amqp091.description == "AMQP 0-0-9-1")
    }
}
