import Foundation

/// The extraction of the specification, `amqp-0-9-1.json`.
struct SpecificationFixture: Decodable, Sendable {
    struct Constant: Decodable, Sendable {
        var name: String
        var value: UInt16
        var `class`: String?
    }

    struct Field: Decodable, Sendable {
        var name: String
        var type: String
        var reserved: Bool?
    }

    struct Method: Decodable, Sendable {
        var id: UInt16
        var name: String
        var sentBy: [String]
        var synchronous: Bool
        var content: Bool
        var fields: [Field]
    }

    struct Class: Decodable, Sendable {
        var id: UInt16
        var name: String
        var methods: [Method]
    }

    var constants: [Constant]
    var properties: [Field]
    var classes: [Class]

    static let standard: SpecificationFixture = {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try! decoder.decode(SpecificationFixture.self, from: Fixture.contents("amqp-0-9-1.json"))
    }()
}
