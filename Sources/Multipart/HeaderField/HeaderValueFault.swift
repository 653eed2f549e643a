/// What is wrong with the value of a header field that takes parameters; the `reason` of
/// ``MultipartError/malformedHeaderValue(header:_:)``.
public enum HeaderValueFault: Error, Sendable, Equatable {
    /// There is no value, or it starts with a parameter.
    case empty
    /// What stands before the first `;` is not of the form this field wants.
    case badValue(Excerpt)
    /// A parameter has no name that is a token.
    case badParameterName(Excerpt)
    /// A parameter has no `=`, or blanks around it.
    case missingEquals(parameter: Excerpt)
    /// There is nothing after `=`.
    case emptyParameter(Excerpt)
    /// A quoted string has no end.
    case unterminatedQuote(parameter: Excerpt)
    /// Something other than `;` follows a value.
    case textAfterValue(parameter: Excerpt)
    /// A parameter is there twice, and readers differ on which one counts.
    case repeatedParameter(Excerpt)
    /// More parameters than ``MultipartLimits/parametersMax``.
    case tooManyParameters
    /// A control character.
    case controlCharacter(UInt8)
    /// A value that must be UTF-8 is not.
    case invalidUTF8(parameter: Excerpt)
    /// A `filename*` that is not of the form of RFC 8187.
    case malformedExtendedValue(parameter: Excerpt)
}

extension HeaderValueFault: CustomStringConvertible {
    /// The fault as the end of a sentence that names the header.
    public var description: String {
        switch self {
        case .empty: "it is empty"
        case .badValue(let excerpt): "'\(excerpt)' is not what it should begin with"
        case .badParameterName(let excerpt): "'\(excerpt)' is no parameter name"
        case .missingEquals(let parameter): "parameter '\(parameter)' has no '=' right after its name"
        case .emptyParameter(let parameter): "parameter '\(parameter)' has no value"
        case .unterminatedQuote(let parameter): "the quoted '\(parameter)' has no closing quote"
        case .textAfterValue(let parameter): "something other than ';' follows '\(parameter)'"
        case .repeatedParameter(let parameter): "parameter '\(parameter)' is repeated"
        case .tooManyParameters: "it has more than \(MultipartLimits.parametersMax) parameters"
        case .controlCharacter(let octet): "it contains the control character 0x\(Excerpt.hex(octet))"
        case .invalidUTF8(let parameter): "'\(parameter)' is not UTF-8"
        case .malformedExtendedValue(let parameter): "'\(parameter)' is not an RFC 8187 value"
        }
    }
}
