import HubProtocol
import JSON

/// What happens where there is no room (docs/protocol.md §8, §12): only where the service may be filled up.
enum RoomChecks {
    static let all = [
        Check(
            "room.full",
            "An effect for which there is no room is STORAGE_FULL",
            .core,
            ["HUB-LIM-004", "HUB-CON-002"],
            needs: [.littleRoom],
            company: .alone
        ) { check in
            let (_, refused) = try await fill(check)
            try check.requireEqual(
                refused.code.map(JSONValue.string),
                "STORAGE_FULL",
                "room.other-error",
                "create_image without room is not STORAGE_FULL"
            )
        },
        Check(
            "room.not-remembered",
            "STORAGE_FULL is not remembered: the same operation succeeds once there is room",
            .core,
            ["HUB-IDM-006"],
            needs: [.littleRoom],
            company: .alone
        ) { check in
            let (question, refused) = try await fill(check)
            try await check.setUp { try check.refused(refused, "STORAGE_FULL", "accepted", "no room") }
            guard let image = check.run.ledger.images.last else {
                throw Obstacle("setup.failed", "what the check stands on failed: there is no image to delete")
            }
            try await check.setUp { try await check.succeed("delete_image", ["image_id": .string(image)]) }
            let again = try await check.ask(question)
            try check.require(
                again.isSuccess,
                "room.remembered",
                "the same operation that had no room is refused once there is room",
                expected: ["status": "success"],
                actual: again.json
            )
        },
        Check(
            "room.assets",
            "A PUT for which there is no room is 507 STORAGE_FULL",
            .assets,
            ["AST-PUT-006"],
            needs: [.littleRoom, .assets],
            company: .alone
        ) { check in
            for _ in 0..<Limits.fillMax {
                let asset = check.newAsset(65_536)
                let answer = try await check.put(asset.name, asset.bytes)
                if answer.status == 201 { continue }
                try check.refused(answer, 507, "STORAGE_FULL", reason: "room.other-status", "a PUT without room")
                return
            }
            throw Obstacle("room.enough", "the service has room for more than the run fills")
        },
    ]

    /// Makes images until one is refused.
    private static func fill(_ check: CheckContext) async throws -> (Question, Received) {
        for _ in 0..<Limits.fillMax {
            let question = Question("create_image", check.newID(), check.imageData())
            let reply = try await check.ask(question)
            if !reply.isSuccess { return (question, reply) }
        }
        throw Obstacle("room.enough", "the service has room for more than the run fills")
    }
}
