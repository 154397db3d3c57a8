import Foundation
import HoneyHDFSMessages
package import HoneyWorld
import NIOCore

/// Hadoop RPC of version 9, as all of Hadoop 2 and 3 speaks it, with simple authentication.
///
/// A connection from its client begins with seven bytes:
///
///     | bytes | what                                                                     |
///     |-------|--------------------------------------------------------------------------|
///     | 4     | "hrpc"                                                                   |
///     | 1     | version: 9                                                               |
///     | 1     | service class: 0                                                         |
///     | 1     | how to authenticate: 0 the client says who it is, 0xDF SASL goes first   |
///
/// After that, both ways, frames:
///
///     | bytes | what                                                                     |
///     |-------|--------------------------------------------------------------------------|
///     | 4     | length of the rest of the frame, big-endian                              |
///     | n     | delimited RpcRequestHeader, or RpcResponseHeader from the server         |
///     | n     | for a call: delimited RequestHeader with the method's name               |
///     | n     | delimited request, or response unless the header tells of an error       |
///
/// Calls with negative numbers arrange the connection: -33 is SASL, -3 tells user and protocol, -4 is a ping.
package struct RPCWire: Wire {
    package typealias Message = HDFSMessage

    /// The longest frame a server takes; Hadoop's `ipc.maximum.data.length`.
    package var maximumRequestBytes: Int
    /// The longest frame a client takes; Hadoop's `ipc.maximum.response.length`.
    package var maximumResponseBytes: Int

    package init(maximumRequestBytes: Int = 64 << 20, maximumResponseBytes: Int = 128 << 20) {
        self.maximumRequestBytes = maximumRequestBytes
        self.maximumResponseBytes = maximumResponseBytes
    }

    package var name: WireName { .rpc }

    package func makeCodec(isServer: Bool) -> any WireCodec<HDFSMessage> {
        if isServer {
            RPCServerCodec(maximumRequestBytes: maximumRequestBytes, maximumResponseBytes: maximumResponseBytes)
        } else {
            RPCClientCodec(maximumResponseBytes: maximumResponseBytes)
        }
    }
}

/// Numbers of Hadoop RPC that both sides know.
enum RPCNumbers {
    static let version: UInt8 = 9
    static let authenticationNone: UInt8 = 0
    static let authenticationSASL: UInt8 = 0xDF
    static let connectionContextCall: Int32 = -3
    static let pingCall: Int32 = -4
    static let saslCall: Int32 = -33
    /// What refusals answer that belong to no call.
    static let noCall: Int32 = -1
    /// Where no retries are counted.
    static let noRetry: Int32 = -1
    /// Bodies up to so many bytes are copied beside their header, so that a reply is one piece.
    static let copiedBodyBytes = 4096
}

extension RPCClientID {
    /// Reads a client's sixteen bytes; nil for any other count.
    init?(_ bytes: Data) {
        guard bytes.count == 16 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.init(high: UInt64(bigEndian: words.0), low: UInt64(bigEndian: words.1))
    }

    var bytes: Data {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) }
    }
}

extension ByteBuffer {
    /// Takes a frame off the front, without its length; nil when it is not all there.
    mutating func readFrame(limit: Int) throws(AbsurdLength) -> ByteBuffer? {
        guard let length = getInteger(at: readerIndex, as: Int32.self) else { return nil }
        guard length >= 0, Int(length) <= limit else { throw AbsurdLength(length: Int(length)) }
        guard readableBytes - 4 >= Int(length) else { return nil }
        moveReaderIndex(forwardBy: 4)
        return readSlice(length: Int(length))
    }
}

/// A frame's length that nobody should wait for.
struct AbsurdLength: Error {
    var length: Int
}
