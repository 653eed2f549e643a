import Foundation
import HubSim
import JSON
import MessageHub
import TestSupport
import Testing

/// What `StorageSimulator replay` says of records that are not simply whole, and what its exit status is.
@Suite("StorageSimulator replay", .timeLimit(.minutes(10)))
struct StorageReplayTests {
    private static let armed =
        #"{"seq":1,"at_ms":0,"event":"armed","namespace":"","plan":{"seed":1,"rules":"#
        + #"[{"id":"r","match":{"operation":"get_image"},"fault":{"kind":"drop_reply"}}]}}"#
    private static let request =
        #"{"seq":2,"at_ms":1,"event":"request","namespace":"","operation":"get_image","operation_id":"a","image_id":"i"}"#
    private static let decision =
        #"{"seq":3,"at_ms":1,"event":"decision","namespace":"","rule":"r","kind":"drop_reply","#
        + #""key":"get_image\u001fi","nth":1,"occurrence":1}"#
    private static let whole = [armed, request, decision].map { $0 + "\n" }.joined()

    struct Case: Sendable {
        let record: String
        let status: Int32
        let says: String
    }

    @Test(
        arguments: [
            Case(record: whole, status: 0, says: "the decisions are the same"),
            // Its process did not come to write the last line, and says so.
            Case(record: whole, status: 0, says: "the record has no end"),
            // A decision that was lost with its process is none that is missing.
            Case(record: armed + "\n" + request + "\n", status: 0, says: "the decisions are the same"),
            // The last line is cut: the whole ones before it are played.
            Case(record: whole + #"{"seq":4,"at_ms":2,"eve"#, status: 2, says: "line 4, the last of"),
            Case(record: whole + "{", status: 2, says: "the decisions before it are the same"),
            // A line that is whole is no such line, nor is one within the record.
            Case(record: whole + "{\n", status: 1, says: "line 4 of"),
            Case(record: armed + "\n{\"seq\":\n" + request, status: 1, says: "line 2 of"),
            Case(record: "{\"no\": \"journal\"}\n", status: 1, says: "is no entry of a journal"),
            // What says nothing of any decision is not green.
            Case(record: "", status: 2, says: "nothing is verified"),
            Case(record: request + "\n", status: 2, says: "nothing is verified"),
            Case(record: armed + "\n", status: 2, says: "nothing is verified"),
            // A decision is missing where the record goes on: it is the one that is named.
            Case(
                record: [
                    armed, request, request.replacing("\"seq\":2", with: "\"seq\":4"),
                    decision.replacing("\"seq\":3", with: "\"seq\":5").replacing("\"nth\":1", with: "\"nth\":2")
                        .replacing("\"occurrence\":1", with: "\"occurrence\":2"),
                ].map { $0 + "\n" }.joined(),
                status: 1,
                says: "the record has nothing; played again it is r, nth 1, at entry 2"
            ),
            Case(record: whole + "{\"digest\":\"7-0000000000000000\"}\n", status: 1, says: "lines are missing"),
        ]
    )
    func itSaysWhatItHasFound(_ record: Case) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: uniqueName("record"))
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(record.record.utf8).write(to: file)
        let replayed = try Replayed(file.path)
        #expect(replayed.status == record.status, "\(replayed.output)")
        #expect(replayed.output.contains(record.says), "\(replayed.output)")
    }

    @Test func whatCannotBeReadIsBadUsage() throws {
        #expect(try Replayed("/nowhere/at/all").status == 64)
    }

    /// What a reset has taken out of the digest at the end of a record, it takes out of what a replay tells, too.
    @Test func aResetWithinARecordChangesNothingOfItsDigest() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: uniqueName("record"))
        defer { try? FileManager.default.removeItem(at: file) }
        let storage = try await ProgramProcess.start(
            "StorageSimulator",
            ["--hub-listen", "127.0.0.1:0", "--port", "0", "--admin-port", "0", "--record", file.path]
        )
        let admin = ServiceClient(try storage.address("admin"))
        let assets = ServiceClient(try storage.address("storage"))
        let plan = Array(#"{"rules": [{"id": "s", "fault": {"kind": "http_status", "status": 500}}]}"#.utf8)
        for (round, requests) in [2, 1].enumerated() {
            let armed = try await admin.send(
                "PUT",
                "/_sim/faults",
                headers: [("Content-Type", "application/json")],
                body: plan
            )
            #expect(armed.status == 200)
            for _ in 0..<requests {
                let name = String(repeating: "0", count: 64)
                #expect(try await assets.send("GET", "/api/v2/assets/\(name)").status == 500)
            }
            if round == 0 { #expect(try await admin.send("POST", "/_sim/reset").status == 204) }
        }
        let digest = try await admin.send("GET", "/_sim/journal?limit=1").json["digest"]?.string ?? "none"
        #expect(digest.hasPrefix("1-"))
        #expect(storage.terminate() == 0)
        let replayed = try Replayed(file.path)
        #expect(replayed.status == 0, "\(replayed.output)")
        #expect(replayed.output.contains("recorded \(digest)\nreplayed \(digest)\nrequests 3"), "\(replayed.output)")
        #expect(try String(contentsOf: file, encoding: .utf8).hasSuffix("{\"digest\":\"\(digest)\"}\n"))
    }

    /// With a hub elsewhere, too, the end tells of rules that have shown nothing.
    @Test func rulesThatNeverFiredAreToldAtTheEnd() async throws {
        let hub = try await HubSim.start()
        let storage = try await ProgramProcess.start(
            "StorageSimulator",
            ["--port", "0", "--fault", "get_image,id=missed:crash; *,id=struck:http_status"],
            environment: ["MESSAGE_HUB_URL": hub.url]
        )
        let assets = ServiceClient(try storage.address("storage"))
        #expect(try await assets.send("GET", "/api/v2/assets/0").status == 503)
        #expect(storage.terminate() == 0)
        let told = storage.said.split(separator: "\n").filter { $0.contains("fault never fired") }
        #expect(told.count == 1 && told[0].contains("missed"), "\(storage.said)")
        await hub.shutdown()
    }
}
