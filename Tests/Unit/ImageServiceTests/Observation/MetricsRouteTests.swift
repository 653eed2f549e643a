import HTTPServing
import HubProtocol
import JSON
import TestSupport
import Testing

@testable import ImageService

@Suite("GET /metrics", .timeLimit(.minutes(5)))
struct MetricsRouteTests {
    private static func metrics(_ client: ServiceClient) async throws -> PrometheusReader {
        let answer = try await client.send("GET", "/metrics")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try PrometheusReader(String(decoding: answer.body, as: UTF8.self))
    }

    @Test func everythingThatWasPromisedIsThereFromTheStart() async throws {
        try await withService { client in
            let metrics = try await Self.metrics(client)
            let names: Set = [
                "image_service_http_requests_total", "image_service_http_request_duration_seconds",
                "image_service_http_requests_in_flight", "image_service_http_received_bytes_total",
                "image_service_http_sent_bytes_total", "image_service_http_unreadable_requests_total",
                "image_service_decode_duration_seconds", "image_service_decodes_waiting",
                "image_service_uploads_refused_total", "image_service_hub_round_trip_seconds",
                "image_service_hub_connected", "image_service_hub_reconnects_total",
                "image_service_hub_retries_total", "image_service_hub_requests_pending",
                "image_service_asset_retries_total", "image_service_inflight_bytes",
                "image_service_variant_cache_hits_total", "image_service_variant_cache_misses_total",
                "image_service_variant_cache_bytes", "process_resident_memory_bytes",
            ]
            #expect(names.subtracting(metrics.types.keys) == [])
            // The request that asks for them is one that is being answered.
            #expect(metrics.value("image_service_http_requests_in_flight") == 1)
            #expect(metrics.value("image_service_build_info", ["version": "1.2.3"]) == 1)
            #expect(try #require(metrics.value("process_resident_memory_bytes")) > 1_000_000)
        }
    }

    @Test func requestsAreCountedByRouteAndStatus() async throws {
        try await withService { client in
            let path = "/api/v2/images/\(Samples.imageID)"
            for _ in 0..<3 { #expect(try await client.send("GET", path).status == 200) }
            #expect(try await client.send("HEAD", path).status == 200)
            #expect(try await client.send("PUT", path).status == 405)
            #expect(try await client.send("GET", "/api/v2/images/no-uuid").status == 422)
            let metrics = try await Self.metrics(client)
            func count(_ method: String, _ status: String) -> Double? {
                metrics.value(
                    "image_service_http_requests_total",
                    ["method": method, "route": "/api/v2/images/{image_id}", "status": status]
                )
            }
            #expect(count("GET", "200") == 3)
            #expect(count("HEAD", "200") == 1)
            #expect(count("PUT", "405") == 1)
            #expect(count("GET", "422") == 1)
            let asked = ["method": "GET", "route": "/api/v2/images/{image_id}"]
            #expect(metrics.value("image_service_http_request_duration_seconds_count", asked) == 4)
            let operations = ["operation": "get_image", "outcome": "success"]
            #expect(metrics.value("image_service_storage_operations_total", operations) == 4)
            #expect(metrics.value("image_service_hub_round_trip_seconds_count", ["operation": "get_image"]) == 4)
        }
    }

    @Test func whatClientsMakeUpIsOneSeries() async throws {
        try await withService { client in
            let before = try await Self.metrics(client)
            for number in 0..<50 {
                _ = try await client.send("GET", "/made-up/\(number)?secret=\(number)")
                let method = ["PROPFIND", "MKCOL", "LOCK", "PURGE"][number % 4]
                _ = try await client.send(method, "/pot/\(number)")
                _ = try await client.send("GET", "/api/v2/images/\(number)")
            }
            let answer = try await client.send("GET", "/metrics")
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(!text.contains("made-up") && !text.contains("PROPFIND") && !text.contains("secret"))
            let after = try PrometheusReader(text)
            let unknown = ["method": "GET", "route": "other", "status": "404"]
            #expect(after.value("image_service_http_requests_total", unknown) == 50)
            #expect(
                after.value(
                    "image_service_http_requests_total",
                    ["method": "other", "route": "other", "status": "404"]
                ) == 50
            )
            // Three new statuses, three new histograms, and the first request for the metrics: no more than that.
            #expect(after.samples.count - before.samples.count <= 4 * (3 + HTTPMetrics.durationBoundsSeconds.count + 1))
        }
    }

    @Test func refusedUploadsAreCountedByReason() async throws {
        try await withService { client in
            let good = try Fixtures.bytes("images/good/png-rgb-8.png")
            #expect(try await client.upload(good, name: "a").status == 201)
            #expect(try await client.upload([], name: "a").errorCode == "EMPTY_FILE")
            #expect(try await client.upload(Array("text".utf8), name: "a").errorCode == "INVALID_FILE_TYPE")
            #expect(try await client.upload(Array(good.dropLast(20)), name: "a").errorCode == "CORRUPT_IMAGE")
            #expect(try await client.upload(good, name: "").errorCode == "VALIDATION_ERROR")
            let metrics = try await Self.metrics(client)
            #expect(metrics.value("image_service_uploads_total") == 1)
            for reason in ["empty_file", "invalid_file_type", "corrupt_image", "validation_error"] {
                #expect(metrics.value("image_service_uploads_refused_total", ["reason": reason]) == 1)
            }
            // Decoded were the good one and, where its header is whole, the damaged one.
            let decoded = try #require(
                metrics.value("image_service_decode_duration_seconds_count", ["format": "png"])
            )
            #expect(1...2 ~= decoded)
            #expect(metrics.value("image_service_decodes_in_progress") == 0)
            #expect(try #require(metrics.value("image_service_http_received_bytes_total")) > Double(4 * good.count))
        }
    }

    @Test func storageThatFailsIsSeen() async throws {
        let storage = FakeStorage(operation: { _, count throws(StorageTrouble) in
            throw count == 1 ? .timedOut : .unavailable("no hub")
        })
        try await withService(storage) { client in
            for _ in 0..<2 { _ = try await client.send("GET", "/api/v2/images/\(Samples.imageID)") }
            let metrics = try await Self.metrics(client)
            for outcome in ["timeout", "unavailable"] {
                let labels = ["operation": "get_image", "outcome": outcome]
                #expect(metrics.value("image_service_storage_operations_total", labels) == 1)
            }
            // Nothing came back that could have a duration.
            #expect(metrics.value("image_service_hub_round_trip_seconds_count", ["operation": "get_image"]) == 0)
        }
    }

    @Test func aVariantIsRenderedOnceAndRemembered() async throws {
        let good = try Fixtures.bytes("images/good/png-rgb-8.png")
        let storage = FakeStorage(
            operation: { operation, _ throws(StorageTrouble) in
                var record = Samples.record()
                record.content.size = good.count
                return record.json
            },
            get: { _ throws(StorageTrouble) in .init(bytes: good) }
        )
        try await withService(storage) { client in
            let path = "/api/v2/images/\(Samples.imageID)/content?version=1&width=4"
            for _ in 0..<3 { #expect(try await client.send("GET", path).status == 200) }
            let metrics = try await Self.metrics(client)
            #expect(metrics.value("image_service_variant_cache_misses_total") == 1)
            #expect(metrics.value("image_service_variant_cache_hits_total") == 2)
            #expect(metrics.value("image_service_variant_cache_entries") == 1)
            #expect(metrics.value("image_service_render_duration_seconds_count", ["format": "png"]) == 1)
            let route = ["route": "/api/v2/images/{image_id}/content"]
            #expect(metrics.sum("image_service_http_requests_total", route) == 3)
            #expect(try #require(metrics.value("image_service_http_sent_bytes_total")) > 0)
        }
    }

    @Test func bytesOfLargeAnswersAreCountedAsTheyAreSent() async throws {
        let size = 3_000_000
        let storage = FakeStorage(
            operation: { operation, _ throws(StorageTrouble) in
                var record = Samples.record()
                record.content.size = size
                record.content.sha256 = nil
                return record.json
            }
        )
        try await withService(storage) { client in
            let path = "/api/v2/images/\(Samples.imageID)/content"
            #expect(try await client.send("GET", path).body.count == size)
            #expect(try await client.send("HEAD", path).status == 200)
            let metrics = try await Self.metrics(client)
            let sent = try #require(metrics.value("image_service_http_sent_bytes_total"))
            #expect(Double(size)..<Double(size + 100_000) ~= sent)
            #expect(metrics.value("image_service_http_requests_in_flight") == 1)
        }
    }
}
