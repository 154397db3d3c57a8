package import HoneyHDFSMessages
package import HoneyWorld

/// What blocks belong to: the name space, which block management asks and tells.
package protocol BlockOwner: AnyObject {
    /// Hears that a committed block has enough replicas now and became complete.
    func blockBecameComplete(_ block: BlockInfo)
    /// Tells the path of a file; nil when there is none of that number.
    func path(ofFile file: UInt64) -> String?
    /// Takes the outcome of a block's recovery from the DataNode that led it.
    ///
    /// Only the name space can do this since it changes the file and its log; it calls `BlockManager.finishRecovery`.
    func commitBlockSynchronization(_ request: WireCommitBlockSynchronizationRequest) throws(RemoteException)
    /// The last transaction in its log, which DataNodes hear to tell an active NameNode from a deposed one.
    var lastTransaction: UInt64 { get }
    /// The last transaction that survives a crash: replicas of a removed block are not deleted before its removal does.
    var durableTransaction: UInt64 { get }
    /// Writes a line to the daemon's log.
    func log(_ level: LogLevel, _ message: String)
}

extension BlockOwner {
    package var lastTransaction: UInt64 { 0 }
    package var durableTransaction: UInt64 { .max }
}
