import JSON

/// Which effect is followed by which event (docs/protocol.md §13).
enum EventEffectChecks {
    static let all = [
        Check(
            "events.created",
            "create_image is followed by image.created",
            .events,
            ["HUB-EVT-001", "HUB-EVT-002", "HUB-EVT-008", "HUB-EVT-010", "HUB-EVT-016"]
        ) {
            check in
            // Upper and lower case count in an operation id, in that of an event as well.
            let id = "Conformance/" + check.newID().uppercased() + "-é"
            let image = try await check.effect("create_image", check.imageData(), id: id).record
            try await check.expectEvent("image.created", id, image)
        },
        Check(
            "events.updated",
            "update_image is followed by image.updated",
            .events,
            ["HUB-EVT-001", "HUB-EVT-008", "HUB-EVT-010", "HUB-EVT-016"],
            needs: [.operation("update_image")]
        ) { check in
            let image = try await check.image(ofVersions: 2)
            let (record, id) = try await check.effect("update_image", check.about(image, ["name": "renamed"]))
            try await check.expectEvent("image.updated", id, record)
            // An update with equal values is one as any other (HUB-UPD-004).
            let same = try await check.effect("update_image", check.about(image, ["name": "renamed"]))
            do {
                try await check.expectEvent("image.updated", same.id, same.record)
            } catch let failure as CheckFailure where failure.reason == "event.missing" {
                throw CheckFailure(
                    "event.none-for-equal",
                    "update_image with equal values, answered with success, was not followed by image.updated"
                )
            }
        },
        Check(
            "events.version-created",
            "create_image_version is followed by image.version_created",
            .events,
            ["HUB-EVT-001", "HUB-EVT-008", "HUB-EVT-010", "HUB-EVT-016"],
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            let (record, id) = try await check.effect("create_image_version", check.versionData(image))
            try await check.expectEvent("image.version_created", id, record)
        },
        Check(
            "events.deleted",
            "delete_image is followed by image.deleted with the last record",
            .events,
            ["HUB-EVT-001", "HUB-EVT-004", "HUB-EVT-010"]
        ) { check in
            let image = try await check.image(ofVersions: 3)
            let (_, id) = try await check.effect("delete_image", check.about(image))
            let event = try await check.event("image.deleted", id)
            try check.requireEqual(
                event.json?["data"],
                at: ["data"],
                image,
                "event.not-last-record",
                "image.deleted does not carry the last record"
            )
        },
        Check(
            "events.after-effect",
            "An event is published after the effect: who asks then sees it",
            .events,
            ["HUB-EVT-001"]
        ) { check in
            for _ in 0..<3 {
                let question = Question("create_image", check.newID(), check.imageData())
                // The reply is not waited for: the event alone says that it has happened.
                try await check.post(question)
                let event = try await check.event("image.created", question.operationID)
                let image = event.json?["data"] ?? .null
                let read = try await check.ask("get_image", check.about(image))
                try check.notRefused(
                    read,
                    with: "IMAGE_NOT_FOUND",
                    "event.before-effect",
                    "after its image.created an image is not there"
                )
            }
        },
        Check(
            "events.none-without-effect",
            "An operation without effect is not followed by an event",
            .events,
            ["HUB-EVT-007"]
        ) { check in
            let image = try await check.create()
            var wrong = Question("create_image", check.newID(), check.imageData(["width": 0]))
            wrong.isWrong = true
            let missing = Question("delete_image", check.newID(), check.about(check.unknownImage()))
            let read = Question("get_image", check.newID(), check.about(image))
            let listed = Question("list_images", check.newID(), ["limit": 1])
            let without = [wrong, missing, read, listed]
            for question in without { _ = try await check.ask(question) }
            try await check.eventBarrier()
            let ids = Set(without.map(\.operationID))
            let found = check.session.events.all().filter { ids.contains($0.json?["operation_id"]?.string ?? "") }
            try check.require(
                found.isEmpty,
                "event.without-effect",
                "an operation without effect was followed by an event"
            )
        },
        Check(
            "events.once-for-repeated",
            "An operation that is asked again is not followed by another event",
            .events,
            ["HUB-EVT-007", "HUB-IDM-001"]
        ) { check in
            let question = Question("create_image", check.newID(), check.imageData())
            let record = try check.success(try await check.ask(question), "create_image")
            for _ in 0..<2 { _ = try await check.ask(question) }
            try await check.eventBarrier()
            let events = check.session.events.all().filter {
                $0.json?["event"] == "image.created"
                    && ($0.json?["operation_id"]?.string == question.operationID
                        || $0.json?["data"]?["id"] == record["id"])
            }
            // At least once is what events are: the same one may come again, another may not.
            try check.require(
                Set(events.map { $0.json?["event_id"]?.string ?? "" }).count <= 1,
                "event.for-repeated",
                "a repeated operation was followed by another event"
            )
        },
    ]
}
