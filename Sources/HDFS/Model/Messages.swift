// HDFS is a file system of its own: its daemons and its client as state machines (`World`), and the wires that Hadoop 3 speaks.
// In come calls and timers, out go replies and records on disks; it knows no table and no query.
//
// `Model/` is what all parts share, `Wire/` turns messages into Hadoop's bytes and back, `NameNode/` is the master: `Namespace/` the tree of
// names, `Log/` what makes it durable, `Leases/` who writes, `Blocks/` where the bytes are, `Service/` the calls, `HighAvailability/` being one
// of several; `SecondaryNameNode/` makes checkpoints, `DataNode/` keeps blocks, `Client/` asks them all and is the file system that the rest of the
// house sees.

package import HoneyHDFSMessages
package import HoneyWorld
package import NIOCore

/// What machines of HDFS send one another.
package enum HDFSMessage: Sendable {
    case call(RPCCall)
    case reply(RPCReply)
    case transfer(TransferMessage)
}

extension WireName {
    /// Hadoop RPC: calls one way, replies the other.
    package static let rpc = WireName("rpc")
    /// The data-transfer protocol of DataNodes.
    package static let transfer = WireName("transfer")
}

/// A call of Hadoop RPC.
package struct RPCCall: Sendable {
    /// Who asks and how often it has: a retried call has the same number and must not be done twice.
    package var client: RPCClientID
    package var number: Int32
    /// 0 at the first try; -1 where a client does not count.
    package var retry: Int32
    /// The effective user of the connection.
    package var user: String
    /// Who acts for that user; nil where the user acts for himself.
    package var realUser: String?
    package var protocolName: RPCProtocol
    package var method: String
    /// The serialized request message of the method.
    package var body: ByteBuffer

    package init(
        client: RPCClientID, number: Int32, retry: Int32, user: String, realUser: String? = nil,
        protocolName: RPCProtocol, method: String, body: ByteBuffer
    ) {
        self.client = client
        self.number = number
        self.retry = retry
        self.user = user
        self.realUser = realUser
        self.protocolName = protocolName
        self.method = method
        self.body = body
    }
}

/// The sixteen bytes by which a client names itself for its whole life.
package struct RPCClientID: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// The Java name of a protocol's interface.
package struct RPCProtocol: Hashable, Sendable {
    package let name: String

    package init(_ name: String) { self.name = name }

    package static let client = RPCProtocol("org.apache.hadoop.hdfs.protocol.ClientProtocol")
    package static let clientDatanode = RPCProtocol("org.apache.hadoop.hdfs.protocol.ClientDatanodeProtocol")
    package static let datanode = RPCProtocol("org.apache.hadoop.hdfs.server.protocol.DatanodeProtocol")
    package static let interDatanode = RPCProtocol("org.apache.hadoop.hdfs.server.protocol.InterDatanodeProtocol")
    package static let namenode = RPCProtocol("org.apache.hadoop.hdfs.server.protocol.NamenodeProtocol")
    package static let highAvailability = RPCProtocol("org.apache.hadoop.ha.HAServiceProtocol")
    package static let userMappings = RPCProtocol("org.apache.hadoop.security.RefreshUserMappingsProtocol")
    package static let information = RPCProtocol("org.apache.hadoop.ipc.ProtocolMetaInfoPB")
}

/// The reply to the call of the same number on a connection.
package struct RPCReply: Sendable {
    package var number: Int32
    package var client: RPCClientID
    package var outcome: Outcome

    package enum Outcome: Sendable {
        /// The serialized response message.
        case success(ByteBuffer)
        case failure(RemoteException)
    }

    package init(number: Int32, client: RPCClientID, outcome: Outcome) {
        self.number = number
        self.client = client
        self.outcome = outcome
    }
}

/// What goes over a data-transfer connection.
package enum TransferMessage: Sendable {
    /// The first message, from who connected.
    case operation(TransferOperation)
    /// How an operation begins or, without data, ends.
    case response(WireBlockOpResponse)
    case packet(TransferPacket)
    case acknowledgement(WirePipelineAck)
    /// What a reader says when it has read all, or found a bad checksum.
    case readStatus(WireClientReadStatus)
}

package enum TransferOperation: Sendable {
    case write(WireOpWriteBlock)
    case read(WireOpReadBlock)
    case transfer(WireOpTransferBlock)
    case replace(WireOpReplaceBlock)
    case copy(WireOpCopyBlock)
    case checksum(WireOpBlockChecksum)
}

/// A piece of a block with its checksums.
package struct TransferPacket: Sendable {
    /// -1 for a heartbeat, which has no data.
    package var sequence: Int64
    package var offsetInBlock: Int64
    package var isLast: Bool
    /// Set when the DataNode must sync its files before it acknowledges.
    package var sync: Bool
    /// Four bytes for each chunk of the data, big-endian; empty when the block has no checksums.
    package var checksums: ByteBuffer
    package var data: ByteBuffer

    package static let heartbeatSequence: Int64 = -1

    package init(
        sequence: Int64, offsetInBlock: Int64, isLast: Bool, sync: Bool, checksums: ByteBuffer, data: ByteBuffer
    ) {
        self.sequence = sequence
        self.offsetInBlock = offsetInBlock
        self.isLast = isLast
        self.sync = sync
        self.checksums = checksums
        self.data = data
    }
}
