import Testing

@testable import HubProtocol

@Suite struct ScalarTests {
    @Test func theControlCharactersAreThoseOfTheirCategory() {
        for value in UInt32(0)...0x2FFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(scalar.isControl == (scalar.properties.generalCategory == .control), "\(value)")
        }
    }
}
