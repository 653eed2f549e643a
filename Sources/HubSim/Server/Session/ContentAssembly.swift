import AMQP

/// Puts `basic.publish` together from its method, header and body frames (AMQP 0-9-1 §4.2.6).
///
/// Channels may interleave. What is not complete is bounded over all of them; memory is taken as the bytes come, never
/// as the header promises.
struct ContentAssembly {
    /// One content on its way. An object, so that nothing is copied when frame after frame adds to it.
    private final class Part {
        var channel: UInt16
        var publish: BasicPublish
        var encodedProperties: [UInt8] = []
        var body: [UInt8] = []
        /// Octets of the body that are still to come; nil: the header is.
        var remaining: UInt64?

        init(_ publish: BasicPublish, on channel: UInt16) {
            self.publish = publish
            self.channel = channel
        }
    }

    private let limits: HubSimLimits
    /// The content that is under way; there is one at most, unless channels interleave.
    private var current: Part?
    private var others: [UInt16: Part] = [:]
    /// A finished part, to be used again.
    private var spare: Part?
    /// Octets of properties and bodies that are not complete.
    private var incompleteBytes = 0

    init(limits: HubSimLimits) { self.limits = limits }

    /// What it holds: octets, and a sum for each content.
    var heldBytes: Int { current == nil && others.isEmpty ? 0 : incompleteBytes + 1024 * (others.count + 1) }

    /// A method came; none may come on a channel whose content is not complete.
    func expectMethod(on channel: UInt16) throws(ProtocolError) {
        guard let part = part(on: channel) else { return }
        throw part.remaining == nil ? headerExpected : bodyExpected
    }

    mutating func begin(_ publish: BasicPublish, on channel: UInt16) {
        let part: Part
        if let spare {
            part = spare
            part.publish = publish
            part.channel = channel
            part.remaining = nil
            self.spare = nil
        } else {
            part = Part(publish, on: channel)
        }
        if let current { others[current.channel] = current }
        current = part
    }

    /// - Returns: the publish, where its body is empty.
    mutating func take(
        _ header: ContentHeaderView,
        on channel: UInt16,
        of connection: ConnectionID
    ) throws(ProtocolError) -> Command? {
        guard let part = part(on: channel) else { throw methodExpected }
        guard part.remaining == nil else { throw bodyExpected }
        guard header.classID == BasicPublish.id.classID else {
            throw ProtocolError(
                .unexpectedFrame,
                "expected content header for class \(BasicPublish.id.classID), got one for class \(header.classID) instead",
                method: BasicPublish.id
            )
        }
        // The broker refuses what is too large, on its channel. Past the bound of all contents there is no waiting for it.
        guard header.bodySize <= UInt64(limits.assemblyBytesMax) else { throw tooMuch }
        part.encodedProperties = Array(header.propertyOctets)
        part.remaining = header.bodySize
        incompleteBytes += part.encodedProperties.count
        if header.bodySize == 0 { return try finish(part, of: connection) }
        part.body.reserveCapacity(Int(min(header.bodySize, 131_072)))
        return nil
    }

    /// - Returns: the publish, once its body is complete.
    mutating func take(
        _ octets: UnsafeRawBufferPointer,
        on channel: UInt16,
        of connection: ConnectionID
    ) throws(ProtocolError) -> Command? {
        guard let part = part(on: channel) else { throw methodExpected }
        guard let remaining = part.remaining else { throw headerExpected }
        guard UInt64(octets.count) <= remaining else {
            throw ProtocolError(
                .frameError,
                "content body of \(octets.count) octets where \(remaining) are left",
                method: BasicPublish.id
            )
        }
        part.body.append(contentsOf: octets)
        incompleteBytes += octets.count
        part.remaining = remaining - UInt64(octets.count)
        if part.remaining == 0 { return try finish(part, of: connection) }
        guard incompleteBytes <= limits.assemblyBytesMax else { throw tooMuch }
        return nil
    }

    private func part(on channel: UInt16) -> Part? {
        if let current, current.channel == channel { return current }
        return others.isEmpty ? nil : others[channel]
    }

    private mutating func finish(_ part: Part, of connection: ConnectionID) throws(ProtocolError) -> Command {
        incompleteBytes -= part.body.count + part.encodedProperties.count
        if current === part { current = nil } else { others[part.channel] = nil }
        spare = part
        var body: [UInt8] = []
        swap(&body, &part.body)
        var encodedProperties: [UInt8] = []
        swap(&encodedProperties, &part.encodedProperties)
        let properties = try encodedProperties.withUnsafeBufferPointer { octets throws(ProtocolError) in
            try BasicProperties(decoding: UnsafeRawBufferPointer(octets))
        }
        let message = Message(
            exchange: part.publish.exchange,
            routingKey: part.publish.routingKey,
            properties: properties,
            encodedProperties: encodedProperties,
            body: body
        )
        return .publish(
            connection,
            channel: part.channel,
            message,
            mandatory: part.publish.mandatory,
            immediate: part.publish.immediate
        )
    }

    private var methodExpected: ProtocolError {
        ProtocolError(.unexpectedFrame, "expected method frame, got non method frame instead")
    }

    private var headerExpected: ProtocolError {
        ProtocolError(
            .unexpectedFrame,
            "expected content header for class 60, got non content header frame instead",
            method: BasicPublish.id
        )
    }

    private var bodyExpected: ProtocolError {
        ProtocolError(
            .unexpectedFrame,
            "expected content body, got non content body frame instead",
            method: BasicPublish.id
        )
    }

    private var tooMuch: ProtocolError {
        ProtocolError(
            .resourceError,
            "contents under way exceed \(limits.assemblyBytesMax) bytes on this connection",
            method: BasicPublish.id
        )
    }
}
