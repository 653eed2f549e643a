import JSON

/// Several at the same time (docs/protocol.md §7, §8, §10).
enum ConcurrencyChecks {
    static let all = [
        Check(
            "concurrency.creates",
            "Many requests at a time: each gets its own reply",
            .concurrency,
            ["HUB-COR-001", "HUB-CRE-001", "HUB-REP-010"]
        ) { check in
            var questions: [Question] = []
            for _ in 0..<40 { questions.append(Question("create_image", check.newID(), check.imageData())) }
            let replies = try await check.askTogether(questions)
            var ids: Set<String> = []
            for (question, reply) in zip(questions, replies) {
                let record = try check.success(reply, "create_image")
                try check.requireEqual(
                    record["name"],
                    at: ["data", "name"],
                    question.data["name"] ?? .null,
                    "reply.swapped",
                    "a request got the reply to another"
                )
                try check.require(
                    ids.insert(record["id"]?.string ?? "").inserted,
                    "id.reused",
                    "two images have the same id"
                )
            }
        },
        Check(
            "concurrency.same-operation",
            "The same operation while the first is under way gets the same reply and has no second effect",
            .concurrency,
            ["HUB-IDM-005"]
        ) { check in
            for _ in 0..<5 {
                let type = check.unique("type")
                check.run.ledger.used(type: type)
                let question = Question("create_image", check.newID(), check.imageData(["type": .string(type)]))
                let replies = try await check.askTogether(Array(repeating: question, count: 4))
                let first = try check.success(replies[0], "create_image")
                for reply in replies {
                    try check.requireEqual(
                        reply.json,
                        replies[0].json ?? .null,
                        "operation.other-reply",
                        "the same operation at the same time got different replies"
                    )
                }
                guard check.knows("list_images") else { continue }
                let page = try await check.setUp { try await check.succeed("list_images", ["type": .string(type)]) }
                try check.require(
                    page["total"] == 1 && page["images"]?.array?.first?["id"] == first["id"],
                    "operation.repeated-effect",
                    "the same operation at the same time made several images",
                    expected: ["data": ["total": 1, "images": [["id": first["id"] ?? .null]]]],
                    actual: ["data": page]
                )
            }
        },
        Check(
            "concurrency.version-race",
            "Of several requests with the same expected_version at most one succeeds",
            .concurrency,
            ["HUB-VER-003"],
            needs: VersionNeeds.adding
        ) { check in
            for _ in 0..<3 {
                let image = try await check.create()
                var questions: [Question] = []
                for _ in 0..<8 {
                    let data = try await check.versionData(image, ["expected_version": 1])
                    questions.append(Question("create_image_version", check.newID(), data))
                }
                let replies = try await check.askTogether(questions)
                try check.require(
                    replies.count(where: \.isSuccess) == 1,
                    "version.race-won-twice",
                    "of several requests with the same expected_version not exactly one succeeded",
                    expected: ["successes": 1],
                    actual: ["successes": .integer(Int64(replies.count(where: \.isSuccess)))]
                )
                for reply in replies where !reply.isSuccess {
                    try check.refused(reply, "VERSION_CONFLICT", "version.race", "a lost race")
                }
                let read = try await check.setUp { try await check.succeed("get_image", check.about(image)) }
                try check.requireEqual(
                    read["version"],
                    at: ["data", "version"],
                    2,
                    "version.race-won-twice",
                    "a lost race left a version"
                )
            }
        },
        Check(
            "concurrency.versions",
            "Concurrent versions without expected_version all succeed, with numbers of their own",
            .concurrency,
            ["HUB-VER-001", "HUB-VER-007", "HUB-CON-005", "HUB-TIM-002"],
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            var questions: [Question] = []
            for _ in 0..<8 {
                let data = try await check.versionData(image)
                questions.append(Question("create_image_version", check.newID(), data))
            }
            let replies = try await check.askTogether(questions)
            let numbers = try replies.map {
                try check.success($0, "create_image_version")["version"]?.integer ?? 0
            }
            try check.require(
                numbers.sorted() == (2...9).map { Int64($0) },
                "version.number-shared",
                "concurrent versions did not get the numbers after the newest, one each",
                expected: .array((2...9).map { .integer($0) }),
                actual: .array(numbers.sorted().map { .integer($0) })
            )
            // Several within one tick of a clock: each is later all the same.
            let times = zip(numbers, replies).sorted { $0.0 < $1.0 }.map { $0.1.data.updatedAt ?? "" }
            let past = [image.updatedAt ?? ""] + times
            try check.require(
                zip(past, times).allSatisfy { $0 < $1 },
                "updated-at.not-increasing",
                "updated_at did not strictly increase with every new version, in the order of their numbers",
                actual: .array(past.map(JSONValue.string))
            )
        },
        Check(
            "concurrency.updates",
            "Concurrent updates all count, each with a later updated_at",
            .concurrency,
            ["HUB-TIM-002", "HUB-CON-001", "HUB-CON-005"],
            needs: [.operation("update_image")]
        ) { check in
            let image = try await check.create()
            var questions: [Question] = []
            for number in 0..<12 {
                let data = check.about(image, ["name": .string("name \(number)")])
                questions.append(Question("update_image", check.newID(), data))
            }
            let replies = try await check.askTogether(questions)
            let times = try replies.map { try check.success($0, "update_image").updatedAt ?? "" }
            try check.require(
                Set(times).count == times.count && !times.contains(image.updatedAt ?? ""),
                "updated-at.not-increasing",
                "concurrent updates have the same updated_at"
            )
            for _ in 0..<5 {
                let other = try await check.create()
                let fields: [String: JSONValue] = ["name": "a name", "subtype": "a subtype", "theme": "a theme"]
                let changes = fields.map {
                    Question("update_image", check.newID(), check.about(other, [$0.key: $0.value]))
                }
                for reply in try await check.askTogether(changes) { try check.success(reply, "update_image") }
                let read = try await check.setUp { try await check.succeed("get_image", check.about(other)) }
                let isWhole =
                    read["name"] == "a name" && read["subtype"] == "a subtype"
                    && read["metadata"]?["theme"] == "a theme"
                try check.require(
                    isWhole,
                    "update.lost",
                    "of concurrent updates of different fields one is lost",
                    expected: ["data": ["name": "a name", "subtype": "a subtype", "metadata": ["theme": "a theme"]]],
                    actual: ["data": read]
                )
            }
            let read = try await check.setUp { try await check.succeed("get_image", check.about(image)) }
            try check.requireEqual(
                read["metadata"]?["updated_at"],
                at: ["data", "metadata", "updated_at"],
                .string(times.max() ?? ""),
                "update.lost",
                "after concurrent updates the record is not that of the last one"
            )
        },
        Check(
            "concurrency.deletes",
            "Of several delete_image of one image exactly one succeeds",
            .concurrency,
            ["HUB-DEL-001", "HUB-DEL-002"]
        ) { check in
            for _ in 0..<3 {
                let image = try await check.create()
                var questions: [Question] = []
                for _ in 0..<6 { questions.append(Question("delete_image", check.newID(), check.about(image))) }
                let replies = try await check.askTogether(questions)
                try check.require(
                    replies.count(where: \.isSuccess) == 1,
                    "delete.won-twice",
                    "of several delete_image of one image not exactly one succeeded",
                    expected: ["successes": 1],
                    actual: ["successes": .integer(Int64(replies.count(where: \.isSuccess)))]
                )
                for reply in replies where !reply.isSuccess {
                    try check.refused(reply, "IMAGE_NOT_FOUND", "delete.race", "a lost race")
                }
            }
        },
        Check(
            "concurrency.others-meanwhile",
            "While one request takes long, those about other images are answered",
            .concurrency,
            ["HUB-CON-006"],
            company: .alone
        ) { check in
            // Only where one takes long can it be seen. A busy machine makes anything take longer, so the quickest of
            // three is what counts, of one and of eight: eight in turn take eight times as long, two at a time four times.
            var one = Duration.seconds(Int64.max)
            var eight = one
            for _ in 0..<3 {
                let start = check.run.time.now()
                _ = try await check.ask("get_image", check.about(check.unknownImage()))
                one = min(one, check.run.time.now() - start)
                guard one > .milliseconds(150) else { return }
                var questions: [Question] = []
                for _ in 0..<8 {
                    questions.append(Question("get_image", check.newID(), check.about(check.unknownImage())))
                }
                let before = check.run.time.now()
                _ = try await check.askTogether(questions)
                eight = min(eight, check.run.time.now() - before)
            }
            try check.require(
                eight < one * 5,
                "requests.one-at-a-time",
                "eight requests about other images take as long as eight in turn",
                expected: ["ms": .string("less than \(Int(one * 5 / .milliseconds(1)))")],
                actual: ["ms": .integer(Int64(eight / .milliseconds(1)))]
            )
        },
        Check(
            "concurrency.puts",
            "Concurrent PUTs of one asset are all answered 200 or 201",
            .concurrency,
            ["AST-PUT-011"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset(50_000)
            let answers = try await withThrowingTaskGroup(of: AssetAnswer.self) { group in
                for _ in 0..<6 { group.addTask { try await check.put(asset.name, asset.bytes) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for answer in answers {
                try check.status(answer, 201, 200, reason: "asset.put-race", "a PUT beside others of the same asset")
            }
            let read = try await check.get(asset.name)
            try check.requireBytes(asset.bytes, in: read, "asset.other-bytes", "GET answers other bytes than were put")
        },
    ]
}
