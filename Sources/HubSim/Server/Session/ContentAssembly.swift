import AMQP

/// Puts `basic.publish` together from its method, header and body frames (AMQP 0-9-1 §4.2.6).
///
/// Channels may interleave. What is not complete is bounded over all of them; memory is taken as the bytes come, never
/// as the header promises.
struct ContentAssembly {
    private enum Part {
        case method(BasicPublish)
        case body(PublishedContent, remaining: UInt64)
    }

    private let limits: HubSimLimits
    private var parts: [UInt16: Part] = [:]
    private var incompleteBytes = 0

    init(limits: HubSimLimits) { self.limits = limits }

    /// A method came; none may come on a channel whose content is not complete.
    func expectMethod(on channel: UInt16) throws(ProtocolError) {
        guard !parts.isEmpty, let part = parts[channel] else { return }
        switch part {
        case .method: throw headerExpected
        case .body: throw bodyExpected
        }
    }

    mutating func begin(_ publish: BasicPublish, on channel: UInt16) { parts[channel] = .method(publish) }

    /// - Returns: the publish, where its body is empty.
    mutating func take(
        _ header: ContentHeaderView,
        on channel: UInt16
    ) throws(ProtocolError) -> PublishedContent? {
        guard let part = parts.removeValue(forKey: channel) else {
            throw methodExpected
        }
        guard case .method(let publish) = part else { throw bodyExpected }
        guard header.classID == BasicPublish.id.classID else {
            throw ProtocolError(
                .unexpectedFrame,
                "expected content header for class \(BasicPublish.id.classID), got one for class \(header.classID) instead",
                method: BasicPublish.id
            )
        }
        // The broker refuses what is too large, on its channel. Past the bound of all contents there is no waiting for it.
        guard header.bodySize <= UInt64(limits.assemblyBytesMax) else { throw tooMuch() }
        var content = PublishedContent(
            publish: publish,
            properties: try header.properties(),
            encodedProperties: Array(header.propertyOctets)
        )
        if header.bodySize == 0 { return content }
        content.body.reserveCapacity(Int(min(header.bodySize, 65_536)))
        parts[channel] = .body(content, remaining: header.bodySize)
        return nil
    }

    /// - Returns: the publish, once its body is complete.
    mutating func take(_ octets: UnsafeRawBufferPointer, on channel: UInt16) throws(ProtocolError) -> PublishedContent?
    {
        // Taken out, so that the body grows where it is.
        guard let part = parts.removeValue(forKey: channel) else { throw methodExpected }
        guard case .body(var content, let remaining) = part else { throw headerExpected }
        guard UInt64(octets.count) <= remaining else {
            throw ProtocolError(
                .frameError,
                "content body of \(octets.count) octets where \(remaining) are left",
                method: BasicPublish.id
            )
        }
        content.body.append(contentsOf: octets)
        let left = remaining - UInt64(octets.count)
        if left == 0 {
            incompleteBytes -= content.body.count - octets.count
            return content
        }
        incompleteBytes += octets.count
        guard incompleteBytes <= limits.assemblyBytesMax else { throw tooMuch() }
        parts[channel] = .body(content, remaining: left)
        return nil
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

    private func tooMuch() -> ProtocolError {
        ProtocolError(
            .resourceError,
            "contents under way exceed \(limits.assemblyBytesMax) bytes on this connection",
            method: BasicPublish.id
        )
    }
}

/// A publish whose frames have come.
struct PublishedContent {
    let publish: BasicPublish
    let properties: BasicProperties
    let encodedProperties: [UInt8]
    var body: [UInt8] = []

    func command(_ id: ConnectionID, channel: UInt16) -> Command {
        let message = Message(
            exchange: publish.exchange,
            routingKey: publish.routingKey,
            properties: properties,
            encodedProperties: encodedProperties,
            body: body
        )
        return .publish(id, channel: channel, message, mandatory: publish.mandatory, immediate: publish.immediate)
    }
}
