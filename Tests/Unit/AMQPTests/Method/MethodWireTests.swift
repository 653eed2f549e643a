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
    func anyShorterOrLongerPayloadIsASyntaxError(_ descriptor: MethodDescriptor) {
        let payload = MethodSample(descriptor, seed: 3).payload
        for size in 4..<payload.count {
            let error = methodError(Array(payload[..<size]))
            #expect(error?.code == .syntaxError, "\(size) of \(payload.count) octets")
            #expect(error?.method == descriptor.id)
        }
        let error = methodError(payload + [0])
        #expect(error?.code == .syntaxError)
        #expect(error?.reason == "\(descriptor.name): 1 octets after the last field")
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
        #expect(error == ProtocolError(.syntaxError, "queue.purge: queue is not UTF-8", method: QueuePurge.id))
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
