import AMQP

/// What never leaves the hub by a trace or a capture: SASL responses and challenges, updated secrets.
extension Method {
    var carriesSecret: Bool {
        switch self {
        case .connectionStartOk, .connectionSecure, .connectionSecureOk, .connectionUpdateSecret: true
        default: false
        }
    }

    /// The same without its secret.
    var withoutSecret: Method {
        switch self {
        case .connectionStartOk(var method):
            method.response = []
            return .connectionStartOk(method)
        case .connectionSecure(var method):
            method.challenge = []
            return .connectionSecure(method)
        case .connectionSecureOk(var method):
            method.response = []
            return .connectionSecureOk(method)
        case .connectionUpdateSecret(var method):
            method.newSecret = []
            return .connectionUpdateSecret(method)
        default: return self
        }
    }
}

/// Takes secrets out of bytes and leaves their number, so that a capture's sequence numbers stay true.
enum Masking {
    private static let mask = UInt8(ascii: "x")

    /// A whole frame with its secret overwritten.
    static func frame(_ octets: [UInt8]) -> [UInt8] {
        guard isOfConnection(octets[...]) else { return octets }
        let payloadEnd = octets.count - 1
        let method = octets[7..<payloadEnd].withUnsafeBytes { try? Method(decoding: $0) }
        guard let method else { return rest(octets) }
        // The secret lies before the last short string, or at the end.
        let secret: Int
        let behind: Int
        switch method {
        case .connectionStartOk(let method): (secret, behind) = (method.response.count, 1 + method.locale.utf8.count)
        case .connectionSecure(let method): (secret, behind) = (method.challenge.count, 0)
        case .connectionSecureOk(let method): (secret, behind) = (method.response.count, 0)
        case .connectionUpdateSecret(let method):
            (secret, behind) = (method.newSecret.count, 1 + method.reason.utf8.count)
        default: return octets
        }
        var masked = octets
        let end = payloadEnd - behind
        for index in end - secret..<end { masked[index] = mask }
        return masked
    }

    /// Octets that are no frame: what may be part of a method of class `connection` keeps only its beginning.
    static func rest(_ octets: [UInt8]) -> [UInt8] {
        guard isOfConnection(octets[...]) else { return octets }
        return octets.prefix(11) + Array(repeating: mask, count: max(0, octets.count - 11))
    }

    /// As many octets that say nothing.
    static func everything(_ octets: [UInt8]) -> [UInt8] { Array(repeating: mask, count: octets.count) }

    /// Whether the octets begin as a frame of a method of class 10, or could go on as one.
    static func isOfConnection(_ octets: ArraySlice<UInt8>) -> Bool {
        guard octets.first == FrameType.method.rawValue else { return false }
        let classID = octets.dropFirst(7).prefix(2)
        return zip(classID, [0, 10]).allSatisfy { $0 == $1 }
    }
}
