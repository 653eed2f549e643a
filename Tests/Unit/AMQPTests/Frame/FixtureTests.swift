import AMQP
import Testing

/// Frames of known octets: decoded, described, encoded again, at every split.
@Suite struct FixtureTests {
    @Test func filesHoldWhatTheyShould() {
        #expect(FrameFixture.fromSpecification.count == 20)
        // Every method, and one content header.
        #expect(FrameFixture.fromPika.count == MethodDescriptor.all.count + 1)
    }

    @Test(arguments: FrameFixture.fromSpecification + FrameFixture.fromPika)
    func decodesToItsLineAndEncodesToItself(_ fixture: FrameFixture) throws {
        let decoding = Decoding(fixture.octets)
        #expect(decoding.error == nil)
        let decoded = try #require(decoding.frames.first)
        #expect(decoding.frames.count == 1)
        #expect(decoded.description == fixture.line)
        #expect(try encoded(decoded) == fixture.octets)
    }

    @Test(arguments: FrameFixture.fromSpecification + FrameFixture.fromPika)
    func decodesAtEverySplit(_ fixture: FrameFixture) {
        // A second frame behind shows that the split leaves the decoder in step.
        let octets = fixture.octets + fixture.octets
        let whole = Decoding(octets)
        #expect(whole.frames.count == 2)
        #expect(Decoding.octetByOctet(octets) == whole)
        for split in 1..<octets.count where Decoding(octets, splits: [split]) != whole {
            Issue.record("split at \(split)")
        }
    }

    @Test func rawFramesDescribeThemselvesAlike() throws {
        for fixture in FrameFixture.fromSpecification {
            try fixture.octets.withUnsafeBytes { octets in
                var decoder = FrameDecoder(frameMax: 131_072)
                var input = octets
                let raw = try #require(try decoder.next(&input))
                #expect(raw.description == fixture.line)
            }
        }
    }

    @Test func allFixturesInOneStream() {
        let fixtures = FrameFixture.fromSpecification + FrameFixture.fromPika
        let octets = fixtures.flatMap(\.octets)
        let whole = Decoding(octets)
        #expect(whole.frames.map(\.description) == fixtures.map(\.line))
        for size in [1, 2, 3, 7, 8, 64, 1000] {
            #expect(Decoding(octets, splits: Array(stride(from: size, to: octets.count, by: size))) == whole)
        }
    }
}
