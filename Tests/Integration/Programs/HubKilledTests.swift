import HubProtocol
import TestSupport
import Testing

/// The three programs as processes of their own, and the hub's pulled away in the middle of the work.
@Suite("The hub is killed while uploads are under way")
struct HubKilledTests {
    @Test(.timeLimit(.minutes(2)))
    func everyRequestIsAnsweredAndNothingAcknowledgedIsLost() async throws {
        let uploads = 50
        var hub = try await ProgramProcess.start("HubSimServer", ["--port", "0"])
        let hubURL = try hub.address("amqp")
        let port = try #require(hubURL.split(separator: ":").last.map { $0.prefix(while: \.isNumber) })
        let storage = try await ProgramProcess.start(
            "StorageSimulator",
            ["--port", "0"],
            environment: ["MESSAGE_HUB_URL": hubURL]
        )
        let service = try await ProgramProcess.start(
            "ImageService",
            ["run", "--port", "0"],
            environment: [
                "MESSAGE_HUB_URL": hubURL, "STORAGE_SERVICE_URL": try storage.address("storage"),
                "STORAGE_TIMEOUT_MS": "10000",
            ]
        )
        let client = ServiceClient(try service.address("http"))
        try await client.waitUntilReady()
        let image = try Fixtures.bytes("images/good/png-rgb-8.png")

        let answers = try await withThrowingTaskGroup(of: ServiceClient.Answer.self) { group in
            for number in 1...uploads {
                group.addTask { try await client.upload(image, name: "upload \(number)") }
            }
            var answers: [ServiceClient.Answer] = []
            for try await answer in group {
                answers.append(answer)
                if answers.count == 3 {
                    hub.kill()
                    hub = try await ProgramProcess.start("HubSimServer", ["--port", String(port)])
                }
            }
            return answers
        }

        #expect(answers.count == uploads)
        for answer in answers where answer.status != 201 {
            #expect([502, 503, 504].contains(answer.status))
            #expect(answer.errorCode == "STORAGE_ERROR")
        }

        try await client.waitUntilReady()
        let acknowledged = answers.filter { $0.status == 201 }
        #expect(acknowledged.count >= 3)
        for answer in acknowledged {
            let id = try #require(answer.json["id"]?.string)
            let again = try await client.send("GET", "/api/v2/images/\(id)")
            #expect(again.status == 200)
            #expect(again.json == answer.json)
            #expect(try await client.send("GET", "/api/v2/images/\(id)/content").body == image)
        }

        // No effect happened twice: the names are all different.
        let listed = try await client.send("GET", "/api/v2/images/?limit=1000")
        let names = try #require(listed.json.array).compactMap { $0["name"]?.string }
        #expect(names.count >= acknowledged.count)
        #expect(Set(names).count == names.count)

        #expect(service.terminate() == 0)
        #expect(storage.terminate() == 0)
        #expect(hub.terminate() == 0)
    }
}
