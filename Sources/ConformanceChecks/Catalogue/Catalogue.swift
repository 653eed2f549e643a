/// All checks, in the order of the document.
public enum Catalogue {
    public static let checks: [Check] = [
        TopologyChecks.all, RequestChecks.all, ReplyChecks.all, RefusedReplyChecks.all, BodyChecks.all,
        OddMessageChecks.all,
        RecordChecks.all, TextChecks.all, FieldChecks.all, NumberChecks.all,
        OperationChecks.all, UpdateChecks.all, IdempotenceChecks.all, ErrorChecks.all, ConsistencyChecks.all,
        ListContentChecks.all, ListFilterChecks.all, ListPageChecks.all,
        VersionAddingChecks.all, VersionReadingChecks.all, VersionRuleChecks.all, VersionListChecks.all,
        VersionTimeChecks.all,
        AssetUploadChecks.all, AssetDownloadChecks.all, AssetConditionChecks.all, AssetDeletionChecks.all,
        AssetHealthChecks.all, AssetSizeChecks.all, AssetRequestChecks.all, AssetReferenceChecks.all,
        EventEffectChecks.all, EventFormChecks.all, EventDeliveryChecks.all, AnnouncementChecks.all, QueryChecks.all,
        PresenceChecks.all,
        ConcurrencyChecks.all, DurabilityChecks.all, EventLedgerChecks.all,
        RoomChecks.all,
    ].flatMap { $0 }
}
