import HubProtocol
import Synchronization
import TestSupport
import Testing

/// The three programs as processes of their own, and the hub's pulled away in the middle of the work.
@Suite("The hub is killed while uploads are under way")
struct HubKilledTests {
    /// The whole time that one storage operation may take.
    static let timeout = Duration.seconds(10)
    /// What an answer may take beyond it on a busy machine: parsing, decoding, and getting a turn at all.
    static let slack = Duration.seconds(60)

    /// An upload, when it began and when it was answered.
    struct Upload: Sendable {
        let begun: ContinuousClock.Instant
        let ended: ContinuousClock.Instant
        let answer: ServiceClient.Answer
    }

    /// What the uploading tasks and the test tell one another.
    final class Progress: Sendable {
        private let state = Mutex((answered: 0, isOver: false))

        var answered: Int { state.withLock { $0.answered } }
        var isOver: Bool { state.withLock { $0.isOver } }
        func oneMoreAnswered() { state.withLock { $0.answered += 1 } }
        func end() { state.withLock { $0.isOver = true } }
    }

    @Test(.timeLimit(.minutes(5)))
    func everyRequestIsAnsweredAndNothingAcknowledgedIsLost() async throws {
        let hub = try await ProgramProcess.start("HubSimServer", ["--port", "0"])
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
                "STORAGE_TIMEOUT_MS": "\(Self.timeout.components.seconds * 1000)",
            ]
        )
        let client = ServiceClient(try service.address("http"))
        try await client.waitUntilReady()
        let image = try Fixtures.bytes("images/good/png-rgb-8.png")

        // Fifty uploads are under way at any time, from before the hub is killed until after it is back.
        let progress = Progress()
        let (uploads, killedAt, next) = try await withThrowingTaskGroup(of: [Upload].self) { group in
            for worker in 1...50 {
                group.addTask {
                    var uploads: [Upload] = []
                    while !progress.isOver {
                        let begun = ContinuousClock.now
                        let answer = try await client.upload(image, name: "upload \(worker)-\(uploads.count)")
                        uploads.append(Upload(begun: begun, ended: .now, answer: answer))
                        progress.oneMoreAnswered()
                    }
                    return uploads
                }
            }
            while progress.answered < 50 { try await Task.sleep(for: .milliseconds(5)) }
            hub.kill()
            let killedAt = ContinuousClock.now
            let next = try await ProgramProcess.start("HubSimServer", ["--port", String(port)])
            try await client.waitUntilReady()
            let before = progress.answered
            while progress.answered < before + 50 { try await Task.sleep(for: .milliseconds(5)) }
            progress.end()
            return (try await group.reduce(into: []) { $0 += $1 }, killedAt, next)
        }

        let answers = uploads.map(\.answer)
        #expect(uploads.contains { $0.begun < killedAt && $0.ended > killedAt })
        for upload in uploads { #expect(upload.ended - upload.begun < Self.timeout + Self.slack) }
        for answer in answers where answer.status != 201 {
            #expect([502, 503, 504].contains(answer.status))
            #expect(answer.errorCode == "STORAGE_ERROR")
        }

        let acknowledged = answers.filter { $0.status == 201 }
        #expect(acknowledged.count >= 50)
        for answer in acknowledged {
            let id = try #require(answer.json["id"]?.string)
            let again = try await client.send("GET", "/api/v2/images/\(id)")
            #expect(again.status == 200)
            #expect(again.json == answer.json)
            #expect(try await client.send("GET", "/api/v2/images/\(id)/content").body == image)
        }

        // No effect happened twice: the names are all different.
        var names: [String] = []
        while true {
            let listed = try await client.send("GET", "/api/v2/images/?limit=1000&skip=\(names.count)")
            let page = try #require(listed.json.array).compactMap { $0["name"]?.string }
            if page.isEmpty { break }
            names += page
        }
        #expect(names.count >= acknowledged.count)
        #expect(Set(names).count == names.count)

        #expect(service.terminate() == 0)
        #expect(storage.terminate() == 0)
        #expect(next.terminate() == 0)
    }
}
