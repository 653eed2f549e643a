import HubProtocol
import JSON

/// Listing the versions of an image (docs/protocol.md §7).
enum VersionListChecks {
    static let all = [
        Check(
            "versions.ascending",
            "list_image_versions answers versions ascending",
            .versions,
            ["HUB-VLS-001"],
            needs: VersionNeeds.listing
        ) { check in
            let image = try await manyVersions(check)
            let numbers = try await numbers(check, image, [:])
            try check.require(
                numbers == [1, 2, 3, 4],
                "versions.order",
                "list_image_versions does not answer every version, ascending",
                expected: [1, 2, 3, 4],
                actual: .array(numbers.map { .integer($0) })
            )
        },
        Check(
            "versions.pages",
            "skip and limit of list_image_versions choose a page",
            .versions,
            ["HUB-VLS-001", "HUB-LST-006", "HUB-VLS-003"],
            needs: VersionNeeds.listing
        ) { check in
            let image = try await manyVersions(check)
            for (skip, limit, right) in [
                (0, 2, [1, 2]), (1, 2, [2, 3]), (3, 5, [4]), (9, 1, []), (4_294_967_296, 1, []),
            ]
                as [(Int64, Int64, [Int64])]
            {
                let found = try await numbers(check, image, ["skip": .integer(skip), "limit": .integer(limit)])
                try check.require(
                    found == right,
                    "versions.page",
                    "skip and limit of list_image_versions give another page",
                    expected: .array(right.map { .integer($0) }),
                    actual: .array(found.map { .integer($0) })
                )
            }
            for fields: [String: JSONValue] in [["limit": 0], ["limit": 1001], ["skip": -1]] {
                try await check.expectRefusal(
                    "list_image_versions",
                    check.about(image, fields),
                    "VALIDATION_ERROR",
                    "list.bounds-accepted",
                    "a limit or skip out of range"
                )
            }
        },
        Check(
            "versions.limit-default",
            "limit of list_image_versions is 100 where it is not given, and up to 1000 is kept",
            .versions,
            ["HUB-VLS-003", "HUB-VER-001", "HUB-LST-011"],
            needs: VersionNeeds.listing,
            isHeavy: true
        ) { check in
            let image = try await check.create()
            let data = try await check.versionData(image)
            // All about one image, one after the other: a slow service would be kept busy for minutes.
            let isSlow = check.run.pace.roundTrip >= .milliseconds(Limits.slowMs)
            let manyCount = isSlow ? 12 : 103
            for start in stride(from: 2, through: manyCount, by: 15) {
                let questions = (start...min(manyCount, start + 14)).map { _ in
                    Question("create_image_version", check.newID(), data)
                }
                for reply in try await check.askTogether(questions) { try check.success(reply, "create_image_version") }
            }
            for (what, fields, right) in [
                ("without a limit", [:], 1...min(100, manyCount)), ("a limit of 1000", ["limit": 1000], 1...manyCount),
                ("a skip of 11", ["skip": 11], 12...min(111, manyCount)),
            ] as [(String, [String: JSONValue], ClosedRange<Int>)] {
                let found = try await numbers(check, image, fields)
                try check.require(
                    found == right.map { Int64($0) },
                    "versions.page",
                    "list_image_versions of an image of \(manyCount) versions, \(what), does not answer those from "
                        + "\(right.lowerBound) to \(right.upperBound)",
                    expected: ["count": .integer(Int64(right.count))],
                    actual: ["count": .integer(Int64(found.count))]
                )
            }
        },
        Check(
            "versions.complete",
            "Each version has every field",
            .versions,
            ["HUB-VLS-002", "HUB-TIM-001"],
            needs: VersionNeeds.listing
        ) { check in
            let image = try await manyVersions(check)
            let data = try await check.succeed("list_image_versions", check.about(image))
            for version in data["versions"]?.array ?? [] {
                for key in ["version"] + ContentFields.all + ["created_at"] {
                    try check.require(
                        version[key] != nil,
                        "version.field-missing",
                        "a version has no \(key)",
                        expected: .object([key: "…"]),
                        actual: version
                    )
                }
                do throws(InvalidFields) {
                    _ = try ImageVersion(version, path: "")
                } catch {
                    throw CheckFailure("version.invalid", "a version: \(error)", actual: version)
                }
            }
        },
        Check(
            "versions.content",
            "The content of each version is that which get_image answers for it",
            .versions,
            ["HUB-VLS-005"],
            needs: VersionNeeds.listing
        ) { check in
            let image = try await manyVersions(check)
            let data = try await check.succeed("list_image_versions", check.about(image))
            for version in data["versions"]?.array ?? [] {
                guard let number = version["version"]?.integer, number >= 1 else {
                    throw CheckFailure("version.below-one", "a version has a number below 1", actual: version)
                }
                let read = try await check.setUp {
                    try await check.succeed("get_image", check.about(image, ["version": .integer(number)]))
                }
                try check.requireSame(ContentFields.all, of: version, as: read, "versions.other-content") {
                    "\($0) of a version in the list is not that which get_image answers"
                }
            }
        },
    ]

    private static func manyVersions(_ check: CheckContext) async throws -> JSONValue {
        let image = try await check.create()
        for _ in 2...4 {
            try await check.setUp { try await check.succeed("create_image_version", check.versionData(image)) }
        }
        return image
    }

    private static func numbers(
        _ check: CheckContext,
        _ image: JSONValue,
        _ fields: [String: JSONValue]
    ) async throws -> [Int64] {
        let data = try await check.succeed("list_image_versions", check.about(image, fields))
        guard let versions = data["versions"]?.array else {
            throw CheckFailure("versions.no-versions", "list_image_versions has no array versions", actual: data)
        }
        return versions.map { $0["version"]?.integer ?? 0 }
    }
}
