import MessageHub
import Testing

@testable import RabbitMQ

@Suite struct ContentAssemblyTests {
    private let carrier = ContentCarrier.delivery(tag: 1, isRedelivered: false, exchange: "e", routingKey: "k")
    private let properties = HubMessage(body: [], messageID: "m")

    private func whole(_ body: [UInt8]) -> ContentAssembly.Content {
        ContentAssembly.Content(carrier: carrier, message: HubMessage(body: body, messageID: "m"))
    }

    @Test func `a message without a body is whole with its header`() throws {
        var assembly = ContentAssembly(bodyBytesMax: 10)
        try assembly.methodReceived(carrier)
        #expect(try assembly.headerReceived(properties, bodyBytes: 0) == whole([]))
    }

    @Test(arguments: [[[1, 2, 3]], [[1], [2], [3]], [[], [1, 2], [], [3]]] as [[[UInt8]]])
    func `a body comes in any parts`(parts: [[UInt8]]) throws {
        var assembly = ContentAssembly(bodyBytesMax: 10)
        // Twice, to see that it starts anew.
        for _ in 0..<2 {
            try assembly.methodReceived(carrier)
            #expect(try assembly.headerReceived(properties, bodyBytes: 3) == nil)
            for part in parts.dropLast() { #expect(try assembly.bodyReceived(part) == nil) }
            #expect(try assembly.bodyReceived(parts.last!) == whole([1, 2, 3]))
        }
    }

    @Test func `a body over the limit is read past and left out`() throws {
        var assembly = ContentAssembly(bodyBytesMax: 2)
        try assembly.methodReceived(carrier)
        #expect(try assembly.headerReceived(properties, bodyBytes: 5) == nil)
        #expect(try assembly.bodyReceived([1, 2, 3]) == nil)
        #expect(try assembly.bodyReceived([4, 5]) == whole([]))
        try assembly.methodReceived(carrier)
        #expect(try assembly.headerReceived(properties, bodyBytes: 2) == nil)
        #expect(try assembly.bodyReceived([1, 2]) == whole([1, 2]))
    }

    @Test func `frames out of place are errors`() throws {
        var assembly = ContentAssembly(bodyBytesMax: 10)
        #expect(throws: ContentAssembly.OutOfPlace.self) { try assembly.headerReceived(properties, bodyBytes: 0) }
        #expect(throws: ContentAssembly.OutOfPlace.self) { try assembly.bodyReceived([]) }
        try assembly.methodReceived(carrier)
        #expect(throws: ContentAssembly.OutOfPlace.self) { try assembly.methodReceived(carrier) }
        #expect(throws: ContentAssembly.OutOfPlace.self) { try assembly.bodyReceived([1]) }
        #expect(try assembly.headerReceived(properties, bodyBytes: 2) == nil)
        #expect(throws: ContentAssembly.OutOfPlace.self) { try assembly.headerReceived(properties, bodyBytes: 2) }
        #expect(throws: ContentAssembly.OutOfPlace.self) { try assembly.bodyReceived([1, 2, 3]) }
    }
}
