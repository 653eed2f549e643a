import HubProtocol
import JSON

/// What an announcement says, and whether it is true (docs/protocol.md §14).
enum AnnouncementChecks {
    static let all = [
        Check(
            "discovery.shape",
            "An announcement has every field, and says up",
            .discovery,
            ["HUB-DIS-001", "HUB-DIS-003", "HUB-DIS-008", "HUB-DIS-021"]
        ) { check in
            let found = try await check.setUp { try await check.announced() }
            do throws(InvalidFields) {
                _ = try ServiceAnnouncement(found.json ?? .null)
            } catch {
                throw CheckFailure("announcement.invalid", "an announcement: \(error)", actual: found.json)
            }
            try check.requireEqual(
                found.json?["status"],
                "up",
                "announcement.status",
                "a service that answers does not announce itself as up"
            )
            let version = found.json?["protocol"]?.string ?? ""
            let parts = version.split(separator: ".", omittingEmptySubsequences: false)
            try check.require(
                parts.count == 2 && parts[0] == "2" && Int(parts[1]) != nil && parts[1].allSatisfy(\.isNumber),
                "announcement.protocol",
                "the protocol of an announcement is not the version of the document as it is written there",
                expected: ["protocol": "2.0"],
                actual: ["protocol": .string(version)]
            )
        },
        Check(
            "discovery.content-type",
            "An announcement has content_type application/json",
            .discovery,
            ["HUB-DIS-007"]
        ) { check in
            let found = try await check.setUp { try await check.announced() }
            try check.requireText(
                found.message.contentType,
                at: ["properties", "content_type"],
                Topology.contentType,
                "announcement.content-type",
                "the content_type of an announcement is not application/json"
            )
        },
        Check(
            "discovery.properties",
            "An announcement has version and operations",
            .discovery,
            ["HUB-DIS-019"]
        ) { check in
            let found = try await check.setUp { try await check.announced() }
            try check.require(
                found.json?["version"]?.string != nil && found.json?["operations"]?.array != nil,
                "announcement.properties-missing",
                "an announcement has no version or no operations",
                expected: ["version": "…", "operations": []],
                actual: found.json
            )
        },
        Check(
            "discovery.operations",
            "The operations of an announcement are those that the service knows",
            .discovery,
            ["HUB-DIS-009"]
        ) { check in
            let found = try await check.setUp { try await check.announced() }
            guard let names = found.json?["operations"]?.array?.compactMap(\.string) else {
                throw NothingToCheck(message: "the announcement names no operations")
            }
            // Those of the document alone: what an operation of the service's own does, nobody here knows (HUB-EXT-004).
            for operation in OperationName.allCases.map(\.rawValue) {
                let data: JSONValue = operation == "list_images" ? ["limit": 1] : [:]
                var question = Question(operation, check.newID(), data)
                question.isWrong = operation != "list_images"
                let isKnown = try await check.ask(question).code != "UNKNOWN_OPERATION"
                try check.require(
                    names.contains(operation) == isKnown,
                    "announcement.operations",
                    "the operations of an announcement are not those that the service knows: \(operation)",
                    actual: found.json?["operations"]
                )
            }
        },
        Check(
            "discovery.url",
            "The url of an announcement is the base URL of the asset API",
            .discovery,
            ["HUB-DIS-005", "HUB-SEC-003"],
            needs: [.assets]
        ) { check in
            let found = try await check.setUp { try await check.announced() }
            guard let url = found.json?["url"]?.string, url.hasPrefix("http://") || url.hasPrefix("https://") else {
                throw CheckFailure("announcement.url", "the url of an announcement is no URL", actual: found.json)
            }
            try check.require(
                !url.contains("@"),
                "announcement.credentials",
                "the url of an announcement holds credentials",
                expected: ["url": "http://host:port"],
                actual: ["url": .string(url)]
            )
            let base = url.hasSuffix("/") ? String(url.dropLast()) : url
            let asset = try await check.storedAsset()
            do {
                let read = try await check.http(AssetRequest("GET", base + AssetName.path(of: asset.name)))
                try check.requireBytes(
                    asset.bytes,
                    in: read,
                    "announcement.url",
                    "below the url of an announcement there is no asset API with our asset"
                )
            } catch let failure as CheckFailure where failure.reason == "http.no-answer" {
                throw CheckFailure("announcement.url", "at the url of an announcement nobody answers")
            }
        },
    ]
}
