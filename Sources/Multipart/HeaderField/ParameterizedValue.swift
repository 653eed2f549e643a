/// A header field value with parameters, `value *( OWS ";" OWS [ name "=" ( token / quoted-string ) ] )`
/// (RFC 9110 §5.6.6), split but not yet understood.
///
/// Strict where two readers could differ: a repeated parameter, blanks around `=`, text after a value, an open
/// quote and control characters are refused. Lenient where real clients are sloppy and the meaning is plain: empty
/// parameters (`;;`, a trailing `;`), and unquoted values of any visible characters but `"`, `,`, `;` and `\`, since
/// boundaries such as `----=_Part_1:2` are sent without their quotes.
struct ParameterizedValue {
    /// How a backslash and `%22` in a quoted string are to be read.
    enum Quoting {
        /// RFC 9110 §5.6.4: a backslash makes the next character literal.
        case quotedPair
        /// As senders of form data write it, see ``ContentDisposition``.
        case formData
    }

    struct Parameter {
        /// In lower case.
        let name: String
        /// Without quotes and escapes; any octets but control characters, except what `%0D` and `%0A` stand for.
        let value: [UInt8]
    }

    /// What stands before the first `;`, without the blanks around it; never empty.
    let value: ArraySlice<UInt8>
    private(set) var parameters: [Parameter] = []

    /// Splits the value of the field named `header`.
    init(_ octets: ArraySlice<UInt8>, of header: String, quoting: Quoting) throws(MultipartError) {
        do throws(HeaderValueFault) {
            if let control = octets.first(where: \.isForbiddenInHeader) { throw .controlCharacter(control) }
            let end = octets.firstIndex(of: .semicolon) ?? octets.endIndex
            value = octets[..<end].withoutOuterBlanks
            if value.isEmpty { throw .empty }
            var rest = octets[end...]
            while let parameter = try Self.nextParameter(from: &rest, quoting: quoting) {
                if parameters.count == MultipartLimits.parametersMax { throw .tooManyParameters }
                if self[parameter.name] != nil { throw .repeatedParameter(Excerpt(of: parameter.name)) }
                parameters.append(parameter)
            }
        } catch {
            throw .malformedHeaderValue(header: header, error)
        }
    }

    /// The value of the parameter of that name, which is to be in lower case.
    subscript(name: String) -> [UInt8]? {
        parameters.first { $0.name == name }?.value
    }

    /// Takes one parameter off `rest`, which is empty or begins with the `;` before it.
    private static func nextParameter(
        from rest: inout ArraySlice<UInt8>,
        quoting: Quoting
    ) throws(HeaderValueFault) -> Parameter? {
        rest = rest.drop { $0 == .semicolon || $0.isBlank }
        if rest.isEmpty { return nil }
        let nameOctets = rest.prefix { $0.isToken }
        if nameOctets.isEmpty { throw .badParameterName(Excerpt(of: rest)) }
        rest = rest[nameOctets.endIndex...]
        guard rest.popFirst() == .equals else { throw .missingEquals(parameter: Excerpt(of: nameOctets)) }
        let name = nameOctets.lowercasedASCII
        let value: [UInt8]
        if rest.first == .quote {
            rest.removeFirst()
            guard let unquoted = unquote(from: &rest, quoting: quoting) else {
                throw .unterminatedQuote(parameter: Excerpt(of: nameOctets))
            }
            value = unquoted
        } else {
            let bare = rest.prefix { $0.isBareValue }
            if bare.isEmpty { throw .emptyParameter(Excerpt(of: nameOctets)) }
            rest = rest[bare.endIndex...]
            value = Array(bare)
        }
        rest = rest.drop { $0.isBlank }
        guard rest.isEmpty || rest.first == .semicolon else {
            throw .textAfterValue(parameter: Excerpt(of: nameOctets))
        }
        return Parameter(name: name, value: value)
    }

    /// Takes the rest of a quoted string off `rest`, its closing quote included; `nil` where there is none.
    private static func unquote(from rest: inout ArraySlice<UInt8>, quoting: Quoting) -> [UInt8]? {
        var value: [UInt8] = []
        while let octet = rest.popFirst() {
            switch (octet, quoting) {
            case (.quote, _):
                return value
            case (.backslash, .quotedPair):
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped)
            case (.backslash, .formData):
                value.append(ContentDisposition.takeEscaped(from: &rest) ?? octet)
            case (.percent, .formData):
                value.append(ContentDisposition.takePercentEncoded(from: &rest) ?? octet)
            case (_, _):
                value.append(octet)
            }
        }
        return nil
    }
}
