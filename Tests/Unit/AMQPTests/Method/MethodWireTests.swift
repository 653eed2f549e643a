import AMQP
import Testing

/// Every method, in both directions.
@Suite struct MethodWireTests {
    @Test(arguments: MethodDescriptor.all)
    func decodesAndEncodesByTheTable(_ descriptor: MethodDescriptor) throws {
        for seed in 0..<50 as Range<UInt64> {
            let sample = MethodSample(descriptor, seed: seed)
            let method = try sample.method()
            #expect(method.description == sample.line)
            #expect(try encoded(.method(channel: 1, method)) == frame(1, sample.payload))
        }
    }

    @Test(arguments: MethodDescriptor.all)
    func decodesAtEverySplit(_ descriptor: MethodDescriptor) throws {
        let sample = MethodSample(descriptor, seed: 7)
        let octets = frame(1, channel: 0xFFFF, sample.payload)
        let expected = Decoding(octets)
        #expect(expected.frames == [.method(channel: 0xFFFF, try sample.method())])
        for split in 1..<octets.count where Decoding(octets, splits: [split]) != expected {
            Issue.record("split at \(split)")
        }
    }

    @Test(arguments: MethodDescriptor.all.filter { $0.fields.contains(where: \.isReserved) })
    func reservedFieldsMakeNoDifference(_ descriptor: MethodDescriptor) throws {
        for seed in 0..<20 as Range<UInt64> {
            let filled = MethodSample(descriptor, seed: seed, fillReserved: true)
            let method = try filled.method()
            #expect(method.description == filled.line)
            let octets = try encoded(.method(channel: 1, method))
            #expect(Decoding(octets).frames == [.method(channel: 1, method)])
        }
    }

    @Test(arguments: MethodDescriptor.all)
    func anyShorterOrLongerPayloadCannotBeDecoded(_ descriptor: MethodDescriptor) {
        let payload = MethodSample(descriptor, seed: 3).payload
        for size in 4..<payload.count {
            let error = methodError(Array(payload[..<size]))
            #expect(error?.code == .frameError, "\(size) of \(payload.count) octets")
            #expect(error?.reason.hasPrefix("cannot decode ") == true)
            #expect(error?.method == descriptor.id)
        }
        let error = methodError(payload + [0])
        #expect(error?.code == .frameError)
        #expect(error?.detail == "\(descriptor.name): 1 octets after the last field")
    }

    @Test(arguments: [0, 1, 2, 3])
    func aPayloadThatNamesNoMethodIsAFrameError(_ size: Int) {
        #expect(methodError([UInt8](repeating: 0, count: size))?.code == .frameError)
    }

    @Test(
        arguments: [(0, 0), (10, 12), (50, 12), (60, 0), (61, 10), (70, 10), (0xFFFF, 0xFFFF), (40, 41)]
            as [(UInt16, UInt16)]
    )
    func anUnknownMethodIsCommandInvalid(_ classID: UInt16, _ methodID: UInt16) {
        let error = methodError(bigEndian(classID) + bigEndian(methodID))
        #expect(error?.code == .commandInvalid)
        #expect(error?.method == MethodID(classID: classID, methodID: methodID))
        #expect(error?.reason == "no method \(methodID) in class \(classID)")
    }

    @Test func aShortStringMustBeUTF8() {
        // queue.purge of a queue whose name is one octet, 0xFF.
        let error = methodError(bytes("0032 001E 0000 01 FF 00"))
        let words = "Malformed UTF-8 in shortstr"
        #expect(error == ProtocolError(.frameError, words, detail: "queue.purge: queue is not UTF-8"))
        // connection.open of a vhost whose name is one octet, 0xFF.
        let onConnection = methodError(bytes("000A 0028 01 FF 00 00"))
        #expect(onConnection?.reason == words)
        #expect(onConnection?.method == ConnectionOpen.id)
    }

    @Test func whatCannotBeDecodedIsShown() {
        let error = methodError(bytes("0032 001E 0000 05 6162"))
        let detail = "queue.purge: queue does not fit in what holds it"
        #expect(
            error == ProtocolError(.frameError, "cannot decode <<0,0,5,97,98>>", method: QueuePurge.id, detail: detail)
        )
        #expect(error?.description == "501 FRAME_ERROR - cannot decode <<0,0,5,97,98>> (\(detail))")
        let long = methodError(bytes("0032 001E 0000") + [UInt8](repeating: 1, count: 5000))
        #expect(long?.replyText.utf8.count == 255)
        #expect(long?.replyText.hasSuffix("...") == true)
    }

    @Test func tablesOverTheLimitsAreSaidToBe() {
        // queue.declare with 17 tables, one in the other.
        let table = (0..<16).reduce([UInt8]()) { inner, _ in bytes("0161 46") + bigEndian(UInt32(inner.count)) + inner }
        let error = methodError(bytes("0032 000A 0000 00 00") + bigEndian(UInt32(table.count)) + table)
        let words = "queue.declare: arguments is nested deeper than 16"
        #expect(error == ProtocolError(.resourceError, words, method: QueueDeclare.id))
    }

    @Test func unusedBitsAreIgnored() throws {
        // basic.ack: only the lowest bit of the octet means something.
        let payload = bytes("003C 0050 0000000000000009 FE")
        let method = try payload.withUnsafeBytes { try Method(decoding: $0) }
        #expect(method == .basicAck(BasicAck(deliveryTag: 9, multiple: false)))
    }

    private func methodError(_ payload: [UInt8]) -> ProtocolError? {
        payload.withUnsafeBytes { octets in
            do throws(ProtocolError) {
                _ = try Method(decoding: octets)
                return nil
            } catch {
                return error
            }
        }
    }
}
