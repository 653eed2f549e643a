/// Where a simulator's admin interface listens: the same two settings in every program that has one.
public enum AdminSettings {
    public static let port = Setting<Int>.port(
        "ADMIN_PORT",
        help:
            "the admin interface's port (faults, journal, management API, page); 0 takes a free one. Without it there is none, but in dev"
    )
    public static let host = Setting<String>.host(
        "ADMIN_HOST",
        default: "127.0.0.1",
        help: "where the admin interface listens; it asks nobody for a password"
    )

    public static let all = [port.description, host.description]

    /// Where it shall listen; nil where nobody wants it.
    public static func address(_ values: SettingValues) throws(UsageError) -> ListenAddress? {
        let host = try values[host]
        return try values.optional(port).map { ListenAddress(host: host, port: $0) }
    }
}
