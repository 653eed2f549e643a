import AMQP

/// A way to log in (AMQP 0-9-1 §2.2.4, SASL).
enum Mechanism: String {
    case plain = "PLAIN"
    /// RabbitMQ's older one: a field table without its length.
    case amqplain = "AMQPLAIN"
    /// By the certificate that TLS has verified.
    case external = "EXTERNAL"

    /// What a client is offered, in the order of `connection.start`.
    static func offered(_ settings: SessionSettings, _ proof: ClientProof) -> [Mechanism] {
        proof == .none && settings.externalUser == nil
            ? [.plain, .amqplain] : [.plain, .amqplain, .external]
    }

    /// Who is to be logged in and by what; nil where the response is none of this mechanism's.
    func login(_ response: [UInt8], _ proof: ClientProof, _ settings: SessionSettings) -> Login? {
        switch self {
        case .plain:
            // RFC 4616: authorization identity, NUL, user, NUL, password. RabbitMQ takes no authorization identity.
            let parts = response.split(separator: 0, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].isEmpty else { return nil }
            return .password(user: Self.text(parts[1]), Self.text(parts[2]))
        case .amqplain:
            guard let table = try? FieldTable(decodingEntries: response),
                let user = table["LOGIN"]?.string, let password = table["PASSWORD"]?.string
            else { return nil }
            return .password(user: user, password)
        case .external:
            switch proof {
            case .certificate(let name): return .certificate(user: name)
            case .none: return settings.externalUser.map { .trusted(user: $0) }
            }
        }
    }

    private static func text(_ octets: ArraySlice<UInt8>) -> String { String(decoding: octets, as: UTF8.self) }
}

/// A login to be checked.
enum Login {
    case password(user: String, String)
    /// By the name in a certificate, which must be a user's.
    case certificate(user: String?)
    /// As this user, without any proof.
    case trusted(user: String)

    /// The user's name, where the login is right.
    func user(in settings: SessionSettings) -> String? {
        switch self {
        case .password(let name, let password):
            guard let user = settings.users[name], user.isLetIn(by: password) else { return nil }
            return name
        case .certificate(let name):
            guard let name, settings.users[name] != nil else { return nil }
            return name
        case .trusted(let name): return name
        }
    }
}
