import Testing

@testable import ConformanceChecks

@Suite("Ledger of a run") struct LedgerTests {
    @Test func anAssetThatWasNeverSentIsNone() {
        let ledger = Ledger()
        ledger.sending(asset: "a")
        #expect(ledger.assets == ["a"])
        ledger.neverSent(asset: "a")
        #expect(ledger.assets.isEmpty)
        #expect(ledger.sentAssets.isEmpty)
        #expect(ledger.assetsMade == 0)
    }

    @Test func anAssetWhoseAnswerIsLostMayBeThereAndIsNotMade() {
        let ledger = Ledger()
        ledger.sending(asset: "a")
        #expect(ledger.assets == ["a"])
        #expect(ledger.assetsMade == 0)
    }

    @Test func anAssetThatWasRemovedAndPutAgainIsThere() {
        let ledger = Ledger()
        ledger.sending(asset: "a")
        ledger.made(asset: "a")
        ledger.removed(asset: "a")
        #expect(ledger.assets.isEmpty)
        #expect(ledger.sentAssets == ["a"])
        ledger.sending(asset: "a")
        #expect(ledger.assets == ["a"])
        // A later attempt that does not get through takes nothing away.
        ledger.neverSent(asset: "a")
        #expect(ledger.assets == ["a"])
        #expect(ledger.assetsMade == 1)
    }
}
