import AMQP
import JSON

extension Definitions {
    /// Reads an export. Throws `InvalidFields` with the path of each mistake: `queues[3].arguments.x-max-length …`.
    /// What the hub knows nothing of is taken and listed in `ignored`.
    public init(json bytes: [UInt8]) throws(InvalidFields) {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw InvalidFields([FieldProblem(path: "definitions", message: "are no JSON: \(error.description)")])
        }
        var reader = DefinitionsReader(try FieldReader.members(of: json, path: "definitions"))
        self = try reader.read()
    }
}

/// Reads definitions, gathers everything that is wrong and everything that is not known.
struct DefinitionsReader {
    private let root: [String: JSONValue]
    private var problems: [FieldProblem] = []
    var definitions = Definitions()

    init(_ root: [String: JSONValue]) { self.root = root }

    mutating func read() throws(InvalidFields) -> Definitions {
        note(
            root.keys,
            known: [
                "users", "vhosts", "permissions", "topic_permissions", "exchanges", "queues", "bindings", "policies",
                "parameters", "global_parameters",
                // Who wrote them, and when.
                "rabbit_version", "rabbitmq_version", "product_name", "product_version", "rabbitmq_definition_format",
                "original_cluster_name", "explanation",
            ],
            path: ""
        )
        for key in ["global_parameters", "parameters"] { ignore(root[key], key) }
        each("vhosts") { reader, fields, path in reader.readVirtualHost(&fields, path) }
        each("users") { reader, fields, path in reader.readUser(&fields, path) }
        each("permissions") { reader, fields, path in reader.readPermissions(&fields, path) }
        each("topic_permissions") { reader, fields, path in reader.readTopicPermissions(&fields, path) }
        each("policies") { reader, fields, path in reader.readPolicy(&fields, path) }
        each("exchanges") { reader, fields, path in reader.readExchange(&fields, path) }
        each("queues") { reader, fields, path in reader.readQueue(&fields, path) }
        each("bindings") { reader, fields, path in reader.readBinding(&fields, path) }
        if problems.isEmpty { problems = Broker.problems(of: definitions) }
        guard problems.isEmpty else { throw InvalidFields(problems) }
        return definitions
    }

    /// Whether the file says which vhosts there are. A file of one vhost alone does not.
    private var namesVirtualHosts: Bool { root["vhosts"] != nil }
    /// Whether the file says which users there are.
    var namesUsers: Bool { root["users"] != nil }

    /// Reads every element of a list that may be absent.
    private mutating func each(
        _ key: String,
        _ body: (inout DefinitionsReader, inout DefinitionFields, String) -> Void
    ) {
        guard let list = root[key], list != .null else { return }
        // An object without members is what some JSON writers make of an empty list.
        if list == .object([:]) { return }
        guard let elements = list.array else {
            return problems.append(FieldProblem(path: key, message: "must be an array, not \(list.kind)"))
        }
        for (index, element) in elements.enumerated() {
            let path = "\(key)[\(index)]"
            guard let members = element.object else {
                problems.append(FieldProblem(path: path, message: "must be an object, not \(element.kind)"))
                continue
            }
            var fields = DefinitionFields(members, path: path + ".")
            body(&self, &fields, path)
            problems += fields.reader.problems
            note(members.keys, known: fields.asked, path: path + ".")
        }
    }

    private mutating func note(_ keys: some Sequence<String>, known: Set<String>, path: String) {
        for key in keys.sorted() where !known.contains(key) { definitions.ignored.append(path + key) }
    }

    /// Notes what is known and has no effect here, where it says anything.
    mutating func ignore(_ value: JSONValue?, _ path: String) {
        switch value {
        case nil, .null?, .array([])?, .object([:])?: break
        default: definitions.ignored.append(path)
        }
    }

    /// The vhost of an element, which must be among those that the file names.
    mutating func virtualHost(_ fields: inout DefinitionFields) -> String {
        let name = fields.text("vhost", default: "/")
        if !definitions.virtualHosts.contains(name) {
            if namesVirtualHosts {
                fields.report("vhost", "is '\(name)', which is not among the vhosts")
            } else {
                definitions.virtualHosts.append(name)
            }
        }
        return name
    }
}
