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
        /// As they lie in the header; empty where they are those of the last message.
        var encodedProperties: [UInt8] = []
        /// Those of the last message, where they are the same.
        var properties: MessageProperties?
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
    /// The payload of the last `basic.publish` and what it says: most publishers say the same again and again, and to
    /// compare bytes is much cheaper than to make strings of them.
    private var lastPublish: (octets: [UInt8], method: BasicPublish)?
    /// The properties of the last message, for the same reason.
    private var lastProperties: MessageProperties?

    init(limits: HubSimLimits) { self.limits = limits }

    /// What it holds: octets, and a sum for each content.
    var heldBytes: Int { current == nil && others.isEmpty ? 0 : incompleteBytes + 1024 * (others.count + 1) }

    /// A method came; none may come on a channel whose content is not complete.
    func expectMethod(on channel: UInt16) throws(ProtocolError) {
        guard let part = part(on: channel) else { return }
        throw part.remaining == nil ? headerExpected : bodyExpected
    }

    /// The last `basic.publish`, if these octets are the same.
    func repeatedPublish(_ octets: UnsafeRawBufferPointer) -> BasicPublish? {
        guard let lastPublish, lastPublish.octets.areEqual(to: octets) else { return nil }
        return lastPublish.method
    }

    /// Begins with a `basic.publish` that was decoded from these octets.
    mutating func begin(_ publish: BasicPublish, _ octets: UnsafeRawBufferPointer, on channel: UInt16) {
        lastPublish = (Array(octets), publish)
        begin(publish, on: channel)
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
        guard header.weight == 0 else { throw headerExpected }
        guard header.classID == BasicPublish.id.classID else {
            throw ProtocolError(
                .unexpectedFrame,
                "expected content header for class \(BasicPublish.id.classID), got one for class \(header.classID) instead",
                method: BasicPublish.id
            )
        }
        // The broker refuses what is too large, on its channel. Past the bound of all contents there is no waiting for it.
        guard header.bodySize <= UInt64(limits.assemblyBytesMax) else { throw tooMuch }
        if let lastProperties, lastProperties.encoded?.areEqual(to: header.propertyOctets) == true {
            part.properties = lastProperties
        } else {
            part.encodedProperties = Array(header.propertyOctets)
        }
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
        let message = Message(
            exchange: part.publish.exchange,
            routingKey: part.publish.routingKey,
            content: try takeProperties(of: part),
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

    private mutating func takeProperties(of part: Part) throws(ProtocolError) -> MessageProperties {
        var properties: MessageProperties?
        swap(&properties, &part.properties)
        if let properties { return properties }
        var encoded: [UInt8] = []
        swap(&encoded, &part.encodedProperties)
        let decoded: MessageProperties
        do throws(ProtocolError) {
            decoded = try MessageProperties(decoding: encoded)
        } catch {
            guard error.code == .syntaxError else { throw error }
            // RabbitMQ decodes them late, where it does not expect them to be malformed.
            throw ProtocolError(.internalError, "", detail: error.reason)
        }
        // Large ones are seldom the same, and are not to be held after their message.
        lastProperties = decoded.sizeBytes <= 1024 ? decoded : nil
        return decoded
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

extension [UInt8] {
    /// Whether these are the same octets; compared eight at a step.
    fileprivate func areEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBytes { octets in
            var offset = 0
            while octets.count - offset >= 8 {
                let own = octets.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                guard own == other.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
                offset += 8
            }
            while offset < octets.count {
                guard octets[offset] == other[offset] else { return false }
                offset += 1
            }
            return true
        }
    }
}
