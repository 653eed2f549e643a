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

    /// Where it shall listen; nil where nobody wants it. Throws where it is told a host and no port.
    public static func address(_ values: SettingValues) throws(UsageError) -> ListenAddress? {
        let host = try values[host]
        guard let port = try values.optional(port) else {
            guard !values.isSet(Self.host) else {
                throw UsageError("ADMIN_PORT must be set (--admin-port): ADMIN_HOST says nothing without it")
            }
            return nil
        }
        return ListenAddress(host: host, port: port)
    }

    /// Where it shall listen in a program that always has it: on a free port where nobody says which.
    public static func addressAlways(_ values: SettingValues) throws(UsageError) -> ListenAddress {
        ListenAddress(host: try values[host], port: try values.optional(port) ?? 0)
    }
}
