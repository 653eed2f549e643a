/// A step on the way of a change to the disk. A test ends the process at one to see what is left.
public enum DurableStep: String, Sendable, Hashable, CaseIterable {
    // A group of decisions.
    case began, decided, applied, beforeCommit, afterCommit, answered
    // The bytes of an asset.
    case assetOpened, assetWritten, assetSynchronized, assetNamed, assetKept, assetRemoved
}

/// Is told of every step, on the thread that makes it.
public typealias StepObserver = @Sendable (DurableStep) -> Void
