/// A media type with its parameters, as `Content-Type` carries it (RFC 9110 §8.3.1).
///
///     let type = try MediaType("Multipart/Form-Data; boundary=\"x y\"")
///     type.essence                // multipart/form-data
///     type.parameter("boundary")  // x y
///
/// Names compare without case and are kept in lower case; values are kept as sent, without quotes and escapes. What
/// else is tolerated or refused stands at ``HeaderValueFault``; all of it is ``MultipartError/malformedHeaderValue(header:_:)``.
public struct MediaType: Sendable, Equatable {
    /// One `name=value`.
    public struct Parameter: Sendable, Equatable {
        /// In lower case.
        public let name: String
        /// Without quotes and escapes.
        public let value: String
    }

    /// What stands before the slash, in lower case.
    public let type: String
    /// What stands after the slash, in lower case.
    public let subtype: String
    /// The parameters as they came, no name twice.
    public let parameters: [Parameter]

    /// `type/subtype`, in lower case.
    public var essence: String { type + "/" + subtype }

    /// Parses the value of a `Content-Type` field.
    public init(_ text: String) throws(MultipartError) {
        try self.init(octets: Array(text.utf8)[...])
    }

    /// Parses the value of a `Content-Type` field, of which only the octets are known.
    public init(octets: ArraySlice<UInt8>) throws(MultipartError) {
        let header = "Content-Type"
        let field = try ParameterizedValue(octets, of: header, quoting: .quotedPair)
        let halves = field.value.split(separator: .slash, maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isToken) }) else {
            throw .malformedHeaderValue(header: header, .badValue(Excerpt(of: field.value)))
        }
        type = halves[0].lowercasedASCII
        subtype = halves[1].lowercasedASCII
        var parameters: [Parameter] = []
        for parameter in field.parameters {
            guard let value = String(validating: parameter.value, as: UTF8.self) else {
                throw .malformedHeaderValue(header: header, .invalidUTF8(parameter: Excerpt(of: parameter.name)))
            }
            parameters.append(Parameter(name: parameter.name, value: value))
        }
        self.parameters = parameters
    }

    /// The value of the parameter of that name, in whatever case it is asked for.
    public func parameter(_ name: String) -> String? {
        let name = name.utf8.lowercasedASCII
        return parameters.first { $0.name == name }?.value
    }
}
