extension Method {
    /// Decodes the payload of a method frame: class, method, arguments.
    ///
    /// Throws `FRAME_ERROR` for a payload too short to name a method, `COMMAND_INVALID` for a method that does not
    /// exist, and `SYNTAX_ERROR` for arguments that are malformed or do not end with the payload.
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
            throw error.caused(by: id)
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
    /// The same error with the method that it happened in, and that method's name in the reason.
    fileprivate func caused(by id: MethodID) -> ProtocolError {
        guard let name = id.name else { return ProtocolError(code, reason, method: id) }
        return ProtocolError(code, "\(name): \(reason)", method: id)
    }
}
