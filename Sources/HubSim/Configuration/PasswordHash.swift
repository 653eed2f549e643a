import Crypto

/// A password as RabbitMQ keeps it: four octets of salt, then the hash of salt and password.
public struct PasswordHash: Sendable, Hashable {
    /// RabbitMQ's hashing modules, by their names.
    public enum Algorithm: String, Sendable, CaseIterable {
        case sha256 = "rabbit_password_hashing_sha256"
        case sha512 = "rabbit_password_hashing_sha512"
        /// RabbitMQ's before 3.6.
        case md5 = "rabbit_password_hashing_md5"

        var octetCount: Int {
            switch self {
            case .sha256: 32
            case .sha512: 64
            case .md5: 16
            }
        }
    }

    public let algorithm: Algorithm
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// Reads the Base64 of salt and hash; nil where it is not that.
    public init?(_ base64: String, algorithm: Algorithm = .sha256) {
        guard let octets = Base64.decode(base64), octets.count == 4 + algorithm.octetCount else { return nil }
        self.algorithm = algorithm
        salt = Array(octets.prefix(4))
        hash = Array(octets.dropFirst(4))
    }

    /// Whether it is this password's.
    public func isMade(from password: String) -> Bool {
        let salted = salt + Array(password.utf8)
        return switch algorithm {
        case .sha256: hash == Self.digest(SHA256(), salted)
        case .sha512: hash == Self.digest(SHA512(), salted)
        case .md5: hash == Self.digest(Insecure.MD5(), salted)
        }
    }

    private static func digest(_ function: some HashFunction, _ octets: [UInt8]) -> [UInt8] {
        var function = function
        octets.withUnsafeBytes { function.update(bufferPointer: $0) }
        return Array(function.finalize())
    }
}
