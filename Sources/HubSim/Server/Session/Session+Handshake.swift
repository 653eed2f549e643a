import AMQP

/// From the protocol header to `connection.open` (AMQP 0-9-1 §2.2.4).
extension Session {
    /// The client's protocol header. Another version than ours is answered with ours, and the end.
    mutating func take(_ header: ProtocolHeader) -> SessionEvent? {
        guard let (major, minor) = header.answeredVersion else {
            writer.protocolHeader()
            state = .ended
            return .ended
        }
        let start = ConnectionStart(
            versionMajor: major,
            versionMinor: minor,
            serverProperties: settings.serverProperties,
            mechanisms: Mechanism.offered(settings, proof).map(\.rawValue).joined(separator: " "),
            locales: "en_US"
        )
        writeMethod(.connectionStart(start))
        state = .awaitingStartOk
        return nil
    }

    mutating func takeInHandshake(_ frame: RawFrame) throws(ProtocolError) -> SessionEvent? {
        if frame.type == .heartbeat { return nil }
        guard frame.type == .method, frame.channel == 0 else {
            throw .unexpectedFrame(frame.type.rawValue, frame.payload)
        }
        let method = try frame.method()
        if case .connectionClose = method { return .closeRequested }
        switch state {
        case .awaitingStartOk:
            guard case .connectionStartOk(let startOk) = method else { throw unexpected(method) }
            return try logIn(startOk)
        case .awaitingTuneOk(let profile):
            guard case .connectionTuneOk(let tuneOk) = method else { throw unexpected(method) }
            try tune(tuneOk, profile)
            return nil
        case .awaitingOpen(var profile):
            guard case .connectionOpen(let open) = method else {
                throw ProtocolError(
                    .channelError,
                    "unexpected method in connection state opening",
                    method: method.id,
                    detail: method.name
                )
            }
            profile.virtualHost = open.virtualHost
            state = .opening
            return .open(profile)
        case .awaitingHeader, .opening, .open, .closing, .ended:
            preconditionFailure("Cannot shake hands when \(state)")
        }
    }

    private mutating func logIn(_ startOk: ConnectionStartOk) throws(ProtocolError) -> SessionEvent? {
        let capabilities = startOk.clientProperties["capabilities"]?.table
        guard let mechanism = Mechanism(rawValue: startOk.mechanism),
            Mechanism.offered(settings, proof).contains(mechanism),
            let login = mechanism.login(startOk.response, proof, settings)
        else {
            // A response that is no login at all ends the connection without a word, as in RabbitMQ.
            state = .ended
            return .ended
        }
        let name = startOk.clientProperties["connection_name"]?.string ?? peer
        guard let user = login.user(in: settings), !settings.refusals.refusesLogin(name) else {
            // A client that does not expect to be told is cut off, as in RabbitMQ.
            guard capabilities?["authentication_failure_close"]?.bool == true else {
                state = .ended
                return .ended
            }
            throw ProtocolError(
                .accessRefused,
                "Login was refused using authentication mechanism \(startOk.mechanism). For details see the broker logfile."
            )
        }
        var profile = ConnectionProfile(
            user: user,
            name: name,
            takesConsumerCancel: capabilities?["consumer_cancel_notify"]?.bool ?? false,
            takesBlocked: capabilities?["connection.blocked"]?.bool ?? false
        )
        profile.peer = peer
        profile.clientProperties = startOk.clientProperties
        profile.mechanism = startOk.mechanism
        let limits = settings.limits
        let tune = ConnectionTune(
            channelMax: limits.channelMax,
            frameMax: limits.frameBytesMax,
            heartbeat: settings.heartbeatSeconds
        )
        writeMethod(.connectionTune(tune))
        state = .awaitingTuneOk(profile)
        return nil
    }

    private mutating func tune(_ tuneOk: ConnectionTuneOk, _ profile: ConnectionProfile) throws(ProtocolError) {
        let limits = settings.limits
        try agree("frame_max", Int(tuneOk.frameMax), least: Int(FrameType.minimumSize), most: Int(limits.frameBytesMax))
        try agree("channel_max", Int(tuneOk.channelMax), least: 1, most: Int(limits.channelMax))
        var profile = profile
        profile.channelMax = tuneOk.channelMax == 0 ? .max : tuneOk.channelMax
        profile.frameBytesMax = tuneOk.frameMax
        profile.heartbeatSeconds = tuneOk.heartbeat
        decoder.frameMax = tuneOk.frameMax
        writer.frameMax = tuneOk.frameMax
        heart.intervalSeconds = tuneOk.heartbeat
        state = .awaitingOpen(profile)
    }

    /// What a client answers to `tune` may be no more than was proposed, and 0, no limit, only where we have none.
    private func agree(_ field: String, _ value: Int, least: Int, most: Int) throws(ProtocolError) {
        if value != 0, value < least { throw disagreement(field, value, "lower than the minimum", least) }
        if most != 0, value == 0 || value > most { throw disagreement(field, value, "higher than the maximum", most) }
    }

    private func disagreement(_ field: String, _ value: Int, _ relation: String, _ limit: Int) -> ProtocolError {
        ProtocolError(
            .notAllowed,
            "negotiated \(field) = \(value) is \(relation) allowed value (\(limit))",
            method: ConnectionTune.id
        )
    }

    private func unexpected(_ method: Method) -> ProtocolError {
        ProtocolError(
            .commandInvalid,
            "unexpected method \(method.name) before the connection is open",
            method: method.id
        )
    }
}

extension ProtocolHeader {
    /// The version that RabbitMQ answers with: to the header of 0-9-1, and to older forms, of which two ask for 0-8; nil:
    /// it is not spoken. What comes after `start` is 0-9-1 in any case.
    fileprivate var answeredVersion: (major: UInt8, minor: UInt8)? {
        switch (id, major, minor, revision) {
        case (0, 0, 9, 1), (1, 1, 0, 9): (0, 9)
        case (1, 1, 8, 0), (1, 1, 9, 1): (8, 0)
        default: nil
        }
    }
}
