package import HoneyWorld
import NIOCore

/// The data-transfer protocol of version 28, as all of Hadoop 2 and 3 speaks it, without encryption.
///
/// Who connected begins each operation with:
///
///     | bytes | what                                                     |
///     |-------|----------------------------------------------------------|
///     | 2     | version: 28, big-endian                                  |
///     | 1     | operation: 80 write, 81 read, …                          |
///     | n     | delimited Op…                                            |
///
/// The DataNode answers with a delimited BlockOpResponse. After it come, for reads, packets one way and a delimited
/// ClientReadStatus back; for writes packets one way and delimited PipelineAcks back. Packets are:
///
///     | bytes | what                                                     |
///     |-------|----------------------------------------------------------|
///     | 4     | n: these four bytes, the checksums and the data, big-endian |
///     | 2     | length of the header, big-endian                         |
///     | h     | PacketHeader, which tells how many bytes of data there are |
///     | c     | checksums, four bytes each                               |
///     | d     | data; n = 4 + c + d                                      |
package struct TransferWire: Wire {
    package typealias Message = HDFSMessage

    package init() {}

    package var name: WireName { .transfer }

    package func makeCodec(isServer: Bool) -> any WireCodec<HDFSMessage> {
        if isServer { TransferServerCodec() } else { TransferClientCodec() }
    }
}

/// Numbers of the data-transfer protocol that both sides know.
enum TransferNumbers {
    static let version: Int16 = 28
    /// The longest packet without its header; Hadoop's limit.
    static let maximumPacketBytes = 16 << 20
    /// The longest operation: it names DataNodes with all they tell of themselves.
    static let maximumOperationBytes = 1 << 20
    /// The longest response, acknowledgement or status.
    static let maximumAnswerBytes = 64 << 10
}
