import NIOSSL
import Testing

@testable import HubSim

@Suite("Certificates")
struct CertificateTests {
    @Test(
        arguments: [
            (0, "700101000000Z"), (951_782_400, "000229000000Z"), (1_709_251_199, "240229235959Z"),
            (2_524_607_999, "491231235959Z"), (2_524_608_000, "20500101000000Z"), (-1, "691231235959Z"),
        ] as [(Int64, String)]
    )
    func times(_ seconds: Int64, _ text: String) {
        let tag: UInt8 = text.count == 13 ? 0x17 : 0x18
        #expect(DERWriter.time(seconds) == [tag, UInt8(text.count)] + Array(text.utf8))
    }

    @Test(
        arguments: [
            ([0], [2, 1, 0]), ([1], [2, 1, 1]), ([0, 0, 5], [2, 1, 5]), ([0x80], [2, 2, 0, 0x80]), ([], [2, 1, 0]),
        ] as [([UInt8], [UInt8])]
    )
    func integers(_ magnitude: [UInt8], _ der: [UInt8]) { #expect(DERWriter.integer(magnitude) == der) }

    @Test func identifiers() {
        #expect(DERWriter.identifier([1, 2, 840, 10045, 4, 3, 2]) == [6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2])
    }

    @Test(arguments: [0, 1, 127, 128, 255, 256, 70_000])
    func lengths(_ count: Int) throws {
        let octets = [UInt8](repeating: 7, count: count)
        let element = try #require(DERReader(DERWriter.octets(octets)[...]).first)
        #expect(element.tag == 4)
        #expect(Array(element.content) == octets)
    }

    @Test func whatIsNotWholeIsNotRead() {
        let der = DERWriter.sequence(DERWriter.text("abc"))
        for count in 0..<der.count { #expect(DERReader(der.prefix(count)).first == nil) }
        #expect(DERReader([0x30, 0x85, 1, 1, 1, 1, 1]).first == nil, "a length of five octets")
    }

    @Test(arguments: ["worker", "Ärger", "a,b"])
    func theCommonNameIsFound(_ name: String) throws {
        let authority = CertificateAuthority(commonName: "authority", at: 1_700_000_000)
        let der = authority.issue(name, for: .client).der
        #expect(CertificateName.commonName(ofCertificate: der) == name)
        #expect(CertificateName.commonName(ofCertificate: authority.identity.der) == "authority")
        // BoringSSL takes it for a certificate, too.
        let certificate = try NIOSSLCertificate(bytes: der, format: .der)
        #expect(certificate.notValidBefore == 1_700_000_000 - 86_400)
        #expect(certificate.notValidAfter == 1_700_000_000 + 30 * 86_400)
    }

    @Test func noBytesMakeTheReaderFail() {
        let authority = CertificateAuthority(commonName: "authority", at: 1_700_000_000)
        let der = authority.identity.der
        for index in der.indices {
            var broken = der
            broken[index] ^= 0xFF
            _ = CertificateName.commonName(ofCertificate: broken)
            _ = CertificateName.commonName(ofCertificate: Array(der.prefix(index)))
        }
    }
}
