import AMQP
import Testing

/// Our table of methods against the specification's.
@Suite struct MethodTableTests {
    @Test func tableIsTheSpecifications() {
        var expected: [String] = []
        for owner in SpecificationFixture.standard.classes {
            for method in owner.methods {
                let fields = method.fields.map { "\($0.name):\($0.type)\($0.reserved == true ? ":reserved" : "")" }
                expected.append(
                    "\(owner.id).\(method.id) \(owner.name).\(method.name) \(method.sentBy.sorted()) "
                        + "\(method.content) \(method.synchronous) \(fields)"
                )
            }
        }
        let ours = MethodDescriptor.all.map { method in
            let fields = method.fields.map { "\($0.name):\($0.type.rawValue)\($0.isReserved ? ":reserved" : "")" }
            let senders =
                (method.senders.contains(.client) ? ["client"] : [])
                + (method.senders.contains(.server) ? ["server"] : [])
            return "\(method.id.classID).\(method.id.methodID) \(method.name) \(senders) "
                + "\(method.carriesContent) \(method.isSynchronous) \(fields)"
        }
        #expect(ours == expected)
        #expect(ours.count == 66)
    }

    /// The enum's own answers against the table, for a sample of every method.
    @Test(arguments: MethodDescriptor.all)
    func methodAgreesWithTable(_ descriptor: MethodDescriptor) throws {
        let method = try MethodSample(descriptor, seed: 1).method()
        #expect(method.id == descriptor.id)
        #expect(method.name == descriptor.name)
        #expect(method.id.name == descriptor.name)
        #expect(method.carriesContent == descriptor.carriesContent)
        #expect(method.isFromClient == descriptor.senders.contains(.client))
        #expect(method.isFromServer == descriptor.senders.contains(.server))
    }

    @Test func numbersAndNamesAreUnique() {
        #expect(Set(MethodDescriptor.all.map(\.id)).count == MethodDescriptor.all.count)
        #expect(Set(MethodDescriptor.all.map(\.name)).count == MethodDescriptor.all.count)
        #expect(MethodID(classID: 50, methodID: 12).name == nil)
        #expect(MethodID(classID: 50, methodID: 12).description == "50.12")
    }

    @Test func whoMaySendWhat() {
        let ack = Method.basicAck(BasicAck(deliveryTag: 1))
        #expect(ack.isFromClient && ack.isFromServer)
        let cancel = Method.basicCancel(BasicCancel(consumerTag: "c"))
        #expect(cancel.isFromClient && cancel.isFromServer)
        let deliver = Method.basicDeliver(BasicDeliver(consumerTag: "c", deliveryTag: 1))
        #expect(!deliver.isFromClient && deliver.isFromServer && deliver.carriesContent)
        #expect(Method.txSelect.isFromClient && !Method.txSelect.isFromServer)
    }
}
