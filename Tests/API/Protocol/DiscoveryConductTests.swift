import HubProtocol
import ImageService
import JSON
import MessageHub
import TestSupport
import Testing

/// How the Image Service says that it is there, and learns who else is: docs/protocol.md, chapter 14.
@Suite(.timeLimit(.minutes(2)))
struct DiscoveryConductTests {
    private func announcements(in hub: StandInHub) throws -> [ServiceAnnouncement] {
        try hub.announcements.value.map { try ServiceAnnouncement(JSONValue(parsing: $0.message.body)) }
    }

    @Test func itAnnouncesItselfAtItsStartOnDemandAndAtItsEnd() async throws {
        let url = Observed("")
        try await StandIn.run(
            afterwards: { hub in
                try await hub.announcements.waitUntil { all in
                    all.last.map { String(decoding: $0.message.body, as: UTF8.self).contains(#""down""#) } ?? false
                }
                let all = try announcements(in: hub)
                #expect(Set(all.map(\.service)) == ["image_service"])
                #expect(Set(all.map(\.instanceID)).count == 1)
                #expect(Set(all.map(\.url)) == [url.value])
                #expect(Set(all.map(\.protocolVersion)) == ["2.0"])
                #expect(all.map(\.status).suffix(2) == [.draining, .down])
                for delivery in hub.announcements.value {
                    #expect(delivery.routingKey == "discovery.announce")
                    #expect(delivery.message.contentType == "application/json")
                    // All fields, as they stand in the message.
                    let keys = try #require(try JSONValue(parsing: delivery.message.body).object).keys
                    #expect(
                        Set(keys) == [
                            "event", "service", "instance_id", "version", "protocol", "status", "url", "operations",
                            "ttl_seconds",
                        ]
                    )
                }
            },
            { standIn in
                url.update { $0 = standIn.serviceURL }
                for service in ["image_service", "*"] {
                    let earlier = standIn.hub.announcements.value.count
                    try await standIn.hub.publish(
                        ["event": "service.query", "service": .string(service)],
                        routingKey: "discovery.query"
                    )
                    try await standIn.hub.announcements.waitUntil { $0.count > earlier }
                }
            }
        )
    }

    @Test func itAsksWhoIsThere() async throws {
        try await StandIn.run { standIn in
            let query = try await standIn.hub.queries.waitUntil { !$0.isEmpty }[0]
            #expect(query.routingKey == "discovery.query")
            #expect(query.message.contentType == "application/json")
            let body = try ServiceQuery(JSONValue(parsing: query.message.body))
            #expect(body.asks("storage_service"))
        }
    }

    @Test func announcementsSayWhereTheAssetsAre() async throws {
        let picture = try Fixtures.bytes("images/good/png-rgb-8.png")
        try await StandIn.run(knowsStorageURL: false) { standIn in
            // Nobody has announced storage: what needs no asset API is asked all the same.
            async let answer = standIn.client.send("GET", "/api/v2/images/")
            let request = try await standIn.hub.requests.waitUntil { !$0.isEmpty }[0]
            try await standIn.hub.reply(to: request, .success(["images": [], "total": 0]))
            #expect(try await answer.status == 200)
            #expect(try await standIn.client.upload(picture, name: "n").status == 503)

            // What cannot be read, or is another's, changes nothing.
            try await standIn.hub.publish(["event": "service.announced"], routingKey: "discovery.announce")
            try await announce(.up, as: "another_service", url: standIn.assetsURL, on: standIn.hub)
            #expect(try await standIn.client.upload(picture, name: "n").status == 503)
            #expect(standIn.assets.puts.isEmpty)

            // From now on an upload that finds the asset API is refused by the hub's side, which is told apart.
            standIn.hub.answerEverything(with: .failure(StorageFailure(.validationError, "no")))
            try await announce(.up, url: standIn.assetsURL, on: standIn.hub)
            try await upload(picture, to: standIn, untilStatusIs: 502)
            #expect(!standIn.assets.puts.isEmpty)

            // One that is down is gone.
            try await announce(.down, url: standIn.assetsURL, on: standIn.hub)
            try await upload(picture, to: standIn, untilStatusIs: 503)
        }
    }

    /// Uploads until the service has taken notice; the suite's time limit ends it where it never does.
    private func upload(_ picture: [UInt8], to standIn: StandIn, untilStatusIs status: Int) async throws {
        while try await standIn.client.upload(picture, name: "n").status != status { await Task.yield() }
    }

    private func announce(
        _ status: ServiceAnnouncement.Status,
        as service: String = "storage_service",
        url: String,
        on hub: StandInHub
    ) async throws {
        let announcement = ServiceAnnouncement(
            service: service,
            instanceID: "stand-in of \(service)",
            version: "1",
            status: status,
            url: url,
            operations: []
        )
        try await hub.publish(announcement.json, routingKey: "discovery.announce")
    }
}
