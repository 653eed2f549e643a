extension Method {
    /// Decodes the payload of a method frame: class, method, arguments.
    ///
    /// Throws `FRAME_ERROR` for a payload too short to name a method, for arguments that are malformed or do not end with
    /// the payload, and for names that are not UTF-8; `COMMAND_INVALID` for a method that does not exist; and
    /// `RESOURCE_ERROR` for tables over the limits.
    public init(
        decoding payload: UnsafeRawBufferPointer,
        limits: Limits = .standard
    ) throws(ProtocolError) {
        var reader = FieldReader(payload, limits: limits)
        guard payload.count >= 4 else {
            throw ProtocolError(.frameError, "method frame of \(payload.count) octets names no method")
        }
        let id = MethodID(classID: try reader.short("class-id"), methodID: try reader.short("method-id"))
        do throws(ProtocolError) {
            guard let method = try Method.decode(id, &reader) else {
                throw ProtocolError(.commandInvalid, "no method \(id.methodID) in class \(id.classID)")
            }
            try reader.expectEnd()
            self = method
        } catch {
            throw error.caused(by: id, arguments: UnsafeRawBufferPointer(rebasing: payload[4...]))
        }
    }

    /// Writes class, method and arguments.
    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        let id = id
        writer.short(id.classID)
        writer.short(id.methodID)
        do throws(ProtocolError) {
            try encodeArguments(to: &writer)
        } catch {
            throw error.caused(by: id)
        }
    }
}

extension ProtocolError {
    /// The reason where a short string is not UTF-8.
    package static let notUTF8 = "Malformed UTF-8 in shortstr"

    /// What this error in a method's arguments means for the method.
    ///
    /// RabbitMQ answers anything malformed with the octets that it could not decode. Of names that are not UTF-8 it says no
    /// more than that, and the method only on channel 0.
    fileprivate func caused(by id: MethodID, arguments: UnsafeRawBufferPointer) -> ProtocolError {
        let detail = detail.map { "\(id): \($0)" }
        let isOfConnection = id.classID == ConnectionStart.id.classID
        switch code {
        case .syntaxError:
            // Methods of the connection carry secrets, and errors go to logs.
            let words = isOfConnection ? "\(id)" : ErlangBinary.numbers(arguments)
            return ProtocolError(.frameError, "cannot decode \(words)", method: id, detail: "\(id): \(reason)")
        case .frameError:
            return ProtocolError(code, reason, method: isOfConnection ? id : .none, detail: detail)
        default: return caused(by: id)
        }
    }

    /// The same error with the method that it happened in, and that method's name in the reason.
    fileprivate func caused(by id: MethodID) -> ProtocolError {
        guard let name = id.name else { return ProtocolError(code, reason, method: id) }
        return ProtocolError(code, "\(name): \(reason)", method: id)
    }
}
