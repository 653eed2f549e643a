/// The keys of this module's log lines.
enum LogKey: String {
    case peer, user, vhost, connection, channel, code, reason, detail, queue, type, arguments
}
