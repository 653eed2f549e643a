import JSON
import Octets

/// Vhosts, users and what they may do.
extension DefinitionsReader {
    mutating func readVirtualHost(_ fields: inout DefinitionFields, _ path: String) {
        let name = fields.text("name")
        if definitions.virtualHosts.contains(name) { fields.report("name", "is an earlier vhost's too") }
        definitions.virtualHosts.append(name)
        ignore(fields.value("limits"), path + ".limits")
        // Words for people.
        for key in ["metadata", "description", "tags", "tracing", "default_queue_type"] { _ = fields.value(key) }
    }

    mutating func readUser(_ fields: inout DefinitionFields, _ path: String) {
        let name = fields.text("name")
        if definitions.users.contains(where: { $0.name.isExactly(name) }) {
            fields.report("name", "is an earlier user's too")
        }
        var user = HubUser(name: name, password: fields.text("password", default: ""), permissions: [:])
        let hashing = fields.text("hashing_algorithm", default: PasswordHash.Algorithm.sha256.rawValue)
        let hash = fields.text("password_hash", default: "")
        if let algorithm = PasswordHash.Algorithm(rawValue: hashing) {
            // With an empty one, nobody logs in by password.
            if !hash.isEmpty {
                user.passwordHash = PasswordHash(hash, algorithm: algorithm)
                if user.passwordHash == nil { fields.report("password_hash", "is no Base64 of a salted \(hashing)") }
            }
        } else {
            let known = PasswordHash.Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
            fields.report("hashing_algorithm", "must be one of \(known)")
        }
        switch fields.value("tags") {
        case nil: break
        // RabbitMQ before 3.9 wrote them in one text.
        case .string(let text)?: user.tags = text.split(separator: ",").map(String.init)
        case .array(let tags)? where tags.allSatisfy({ $0.string != nil }): user.tags = tags.compactMap(\.string)
        case _?: fields.report("tags", "must be an array of strings")
        }
        ignore(fields.value("limits"), path + ".limits")
        definitions.users.append(user)
    }

    mutating func readPermissions(_ fields: inout DefinitionFields, _ path: String) {
        let host = virtualHost(&fields)
        let permissions = HubPermissions(
            configure: fields.pattern("configure"),
            write: fields.pattern("write"),
            read: fields.pattern("read")
        )
        change(&fields) { user in user.permissions?[host] = permissions }
    }

    mutating func readTopicPermissions(_ fields: inout DefinitionFields, _ path: String) {
        let host = virtualHost(&fields)
        let exchange = fields.text("exchange")
        let permissions = HubTopicPermissions(write: fields.pattern("write"), read: fields.pattern("read"))
        change(&fields) { user in
            // Without permissions for the vhost it may not be opened, so that there are no topics to use.
            user.permissions?[host]?.topics[exchange] = permissions
        }
    }

    private mutating func change(_ fields: inout DefinitionFields, _ body: (inout HubUser) -> Void) {
        let name = fields.text("user")
        if let index = definitions.users.firstIndex(where: { $0.name.isExactly(name) }) {
            body(&definitions.users[index])
        } else {
            fields.report("user", "is '\(name)', which is not among the users")
        }
    }
}
