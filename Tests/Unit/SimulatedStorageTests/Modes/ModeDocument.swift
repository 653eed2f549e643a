@testable import SimulatedStorage

/// `docs/modes.md`, made of the list of modes.
enum ModeDocument {
    static let text = """
        # Modes of the simulated storage

        A checker that is always green has proved nothing. So the simulator can be a storage that makes one mistake, each
        of them one that authors of storages make, and a storage that does odd things that the [document](protocol.md)
        allows: a checker must find every mistake of the first kind, for the reason named here, and none in the second.

            swift run StorageSimulator --hub-listen 127.0.0.1:5672 --mode total-of-the-page
            swift run StorageSimulator modes

        In Swift: `SimulatedStorage.Configuration.mode = StorageMode.named("total-of-the-page")`;
        `StorageMode.broken` and `StorageMode.legal` are the lists below. Which one is on is in the log at the start and in
        `GET /_sim/state`. One mode at a time; faults ([faults.md](faults.md)) may be armed beside it. A mode is one of the
        whole storage, all namespaces included.

        This file is written by a test: `UPDATE_DOCS=1 swift test --filter ModeListTests`.

        ## Broken modes

        \(StorageMode.broken.count) modes, each breaks one sentence. With some a storage breaks others by consequence: a `version` from 0
        is no `version` at all. What a checker must name is the sentence that stands here.

        | mode | breaks | what is wrong |
        |---|---|---|
        \(rows(StorageMode.broken))

        ## Odd but legal modes

        \(StorageMode.legal.count) modes that break nothing; beside each, sentences that allow what it does, or ask for no more.

        | mode | allowed by | what is odd |
        |---|---|---|
        \(rows(StorageMode.legal))

        ## Notes on some of them

        - `operations-are-forgotten-at-restart`, `last-write-is-lost-at-restart`, `half-an-image-after-restart`: what is
          lost is lost when the next instance begins on the same store (`--data DIR`, or the same core in Swift).
        - `acknowledges-on-arrival`: without a fault it shows only where the hub does not confirm the reply, or the storage
          ends before it is published.
        - `no-room-is-remembered`, `no-room-is-500`, `too-large-is-500`: they show where a limit is met (`StorageLimits`).
        - `does-not-come-back`: it shows when its connection is cut, by the hub or by the fault `disconnect`.
        - `exchange-not-durable`, `exchange-of-kind-direct`, `queue-not-durable`, `queue-auto-delete`: they show on a hub
          where nobody has declared the same name rightly before; else it is the storage whose declaration is refused.
        - `announced-once` says a `ttl_seconds` of 3, so that one second of silence shows it.

        ## Sentences that no mode breaks

        | sentence | why |
        |---|---|
        \(unbroken.map { "| \($0.id) | \($0.why) |" }.joined(separator: "\n"))

        Sentences that bind the requester alone are not listed: no storage can break them. The Image Service's own tests
        stand on the storage side for those (`spec/requirements.yaml`, `tests`).

        """

    /// Sentences that bind a storage, and why no mode breaks them.
    static let unbroken: [(id: String, why: String)] = [
        ("HUB-TOP-008", "a way to deploy: where names come from is not to be seen from outside"),
        (
            "HUB-REP-013",
            "a requester sees no difference: a reply to a queue that is gone is lost with the flag and without it"
        ),
        ("HUB-REQ-028", "a permission: to read such a body and to refuse it are right"),
        ("HUB-VAL-020", "a permission: to keep such a number and to refuse it are right"),
        ("HUB-LST-010", "a permission: an error and an empty list are right"),
        ("HUB-VER-011", "a permission: to take it is right. `new-versions-need-an-asset` refuses it"),
        ("HUB-LIM-007", "a permission: to take it is right"),
        ("HUB-COR-008", "a permission: no order of replies is wrong. `replies-out-of-order` makes use of it"),
        (
            "HUB-ACK-009",
            "a requester cannot tell a request that waits in the queue from one that waits in the storage; and what "
                + "this storage can ask for, `basic.qos` from 1 to 65535, is always a bound"
        ),
        ("HUB-EXP-002", "a permission: to carry an expired request out, or not, is right"),
        ("HUB-IDM-007", "a permission: to carry a read out again, or not, is right"),
        ("HUB-IDM-012", "a permission: both answers are right"),
        ("HUB-ERR-005", "what tells of the inside is for people to judge"),
        ("HUB-EXT-002", "a permission. `extra-fields` makes use of it"),
        ("HUB-EXT-003", "a wish for names that nobody else has to know"),
        ("HUB-EXT-004", "a permission: nobody asks for an operation that nobody knows of"),
        ("HUB-EVT-014", "it binds who consumes events, which a storage does not"),
        ("HUB-EVT-015", "it takes a kill between two steps of storage's own"),
        ("AST-HTT-001", "the simulator's server speaks HTTP/1.1 and nothing else"),
        ("AST-HTT-002", "the simulator's server keeps connections open, below what a mode can reach"),
        ("AST-GET-006", "a permission: several ranges answered whole, or not, are right"),
        ("AST-COL-003", "a permission"),
        ("AST-SEC-004", "what a name could lead to is not to be seen over HTTP; AST-GET-009 is"),
        ("HUB-SEC-001", "a way to deploy"),
        ("HUB-SEC-002", "a log is not to be seen from outside"),
        ("HUB-SEC-004", "a storage that treats values as more than data shows it by what it breaks then: HUB-VAL-003"),
        ("HUB-FLT-006", "it takes a hub that is away for a while, and shows no other way than HUB-FLT-002 does"),
    ]

    private static func rows(_ modes: [StorageMode]) -> String {
        modes.map { mode in
            "| `\(mode.name)` | \(mode.requirements.joined(separator: " ")) | \(mode.summary.replacing("|", with: "\\|")) |"
        }.joined(separator: "\n")
    }
}
