import HubProtocol
import JSON
import MessageHub
import Synchronization

extension StorageMode {
    /// Odd moments, orders and counts of messages that keep every sentence.
    static let legalTimings: [StorageMode] = [
        .legal(
            "slow-within-the-deadline",
            allowedBy: ["HUB-COR-008", "HUB-EXP-002"],
            "Takes 60 milliseconds longer over every reply.",
            isSlow: true,
            Slow()
        ),
        .legal(
            "replies-out-of-order",
            allowedBy: ["HUB-COR-008", "HUB-COR-009"],
            "Lets every second reply be overtaken by the next one, or by 60 milliseconds.",
            isSlow: true,
            RepliesOutOfOrder()
        ),
        .legal(
            "clock-that-is-ahead",
            allowedBy: ["HUB-TIM-001"],
            "Has a clock that is an hour ahead of the requester's.",
            AlteredDecisions { question throws(RecordStoreError) in
                try question.decide(at: question.now.adding(milliseconds: 3_600_000))
            }
        ),
        .legal(
            "events-twice",
            allowedBy: ["HUB-EVT-002", "HUB-EVT-006"],
            "Publishes every event a second time, under the same `event_id`.",
            EventsTwice()
        ),
        .legal(
            "late-events",
            allowedBy: ["HUB-EVT-001"],
            "Publishes an event 150 milliseconds after its effect.",
            LateEvents()
        ),
        .legal(
            "few-requests-at-a-time",
            allowedBy: ["HUB-ACK-009", "HUB-COR-008"],
            "Takes four requests at a time (`prefetch` 4).",
            FewRequestsAtATime()
        ),
        .legal(
            "announces-often",
            allowedBy: ["HUB-DIS-002", "HUB-DIS-003"],
            "Announces itself twice a second besides, unasked.",
            AnnouncesOften()
        ),
        .legal(
            "goes-down-without-draining",
            allowedBy: ["HUB-DIS-020"],
            "Announces `down` when it stops, and never `draining`.",
            AlteredPublications(only: .announcement, where: { $0.json?["status"] != "draining" })
        ),
    ]
}

private struct Slow: Conduct {
    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        if publication.kind == .reply { await line.pause(.milliseconds(60)) }
        try await line.publish(publication)
    }
}

/// Every second reply waits for the one after it, but not for long.
private final class RepliesOutOfOrder: Conduct {
    private let count = Mutex(0)
    private let wakeUp = WakeUp()
    private static let waitMax = Duration.milliseconds(60)

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        guard publication.kind == .reply else { return try await line.publish(publication) }
        let number = count.withLock { count in
            count += 1
            return count
        }
        guard number.isMultiple(of: 2) else { return try await overtake(publication, on: line) }
        let seen = wakeUp.count
        await withTaskGroup { group in
            group.addTask { await line.pause(Self.waitMax) }
            group.addTask { [wakeUp] in try? await wakeUp.wait(after: seen) }
            await group.next()
            group.cancelAll()
        }
        try await line.publish(publication)
    }

    private func overtake(_ publication: Publication, on line: Line) async throws(HubError) {
        try await line.publish(publication)
        wakeUp.signal()
    }
}

private struct EventsTwice: Conduct {
    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        try await line.publish(publication)
        if publication.kind == .event { try await line.publish(publication) }
    }
}

private struct LateEvents: Conduct {
    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        if publication.kind == .event { await line.pause(.milliseconds(150)) }
        try await line.publish(publication)
    }
}

private struct FewRequestsAtATime: Conduct {
    func prefetch(_ count: Int) -> Int { 4 }
}

private final class AnnouncesOften: Conduct {
    private let latest = Mutex<Publication?>(nil)
    private static let interval = Duration.milliseconds(500)

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        if publication.kind == .announcement { latest.withLock { $0 = publication } }
        try await line.publish(publication)
    }

    func accompany(_ line: Line) async throws {
        while true {
            try await line.time.sleep(for: Self.interval)
            // Who is down says so once.
            if let publication = latest.withLock({ $0 }), publication.json?["status"] == "up" {
                try await line.publish(publication)
            }
        }
    }
}
