public import HoneyCore

/// A query that runs; its results are pulled.
public protocol QueryExecution: AnyObject, Sendable {
    var schema: Schema { get }
    /// Waits for the next rows; nil at the end. Fails with what ended the query.
    func next() throws -> Batch?
    /// Makes it end soon with a `cancelled` error; from any thread.
    func cancel()
    /// How far it is; from any thread.
    var progress: QueryProgress { get }
    /// What each operator did; complete once the query has ended.
    var summary: QuerySummary { get }
}

public struct QueryProgress: Hashable, Sendable {
    public var finishedSplits: Int
    public var totalSplits: Int
    public var rowsRead: Int
    public var bytesRead: Int

    public init(finishedSplits: Int = 0, totalSplits: Int = 0, rowsRead: Int = 0, bytesRead: Int = 0) {
        self.finishedSplits = finishedSplits
        self.totalSplits = totalSplits
        self.rowsRead = rowsRead
        self.bytesRead = bytesRead
    }
}

/// How many splits were read on a host that holds their bytes, in its rack, and elsewhere.
public struct LocalityCounts: Hashable, Sendable {
    public var local: Int
    public var rack: Int
    public var offRack: Int

    public init(local: Int = 0, rack: Int = 0, offRack: Int = 0) {
        self.local = local
        self.rack = rack
        self.offRack = offRack
    }

    public var total: Int { local + rack + offRack }

    public static func += (left: inout LocalityCounts, right: LocalityCounts) {
        left.local += right.local
        left.rack += right.rack
        left.offRack += right.offRack
    }
}

/// What a query's operators did.
public struct QuerySummary: Hashable, Sendable {
    public struct Row: Hashable, Sendable {
        /// As EXPLAIN shows it, such as `03:HASH JOIN`.
        public var operatorName: String
        /// Depth in the plan, for indentation.
        public var depth: Int
        public var instances: Int
        /// Time all instances spent in it.
        public var totalNanoseconds: Int
        /// Time the slowest instance spent in it.
        public var maximumNanoseconds: Int
        public var rows: Int
        public var estimatedRows: Double?
        /// Bytes that a scan wanted, before it rounded up to whole blocks or read ahead.
        public var bytesRequested: Int
        /// Bytes that a scan took from files.
        public var bytesRead: Int
        /// Bytes of a scan after decompression.
        public var bytesDecompressed: Int
        /// Damaged parts of files that a scan passed over because the session tolerates them.
        public var partsSkipped: Int
        public var peakMemoryBytes: Int
        /// What it works on: a table, a join condition.
        public var detail: String
        /// Where a scan's splits were read; all 0 where their files lie on no particular hosts.
        public var locality: LocalityCounts

        public init(
            operatorName: String, depth: Int, instances: Int, totalNanoseconds: Int, maximumNanoseconds: Int,
            rows: Int, estimatedRows: Double? = nil, bytesRequested: Int = 0, bytesRead: Int,
            bytesDecompressed: Int = 0, partsSkipped: Int = 0, peakMemoryBytes: Int, detail: String,
            locality: LocalityCounts = LocalityCounts()
        ) {
            self.operatorName = operatorName
            self.depth = depth
            self.instances = instances
            self.totalNanoseconds = totalNanoseconds
            self.maximumNanoseconds = maximumNanoseconds
            self.rows = rows
            self.estimatedRows = estimatedRows
            self.bytesRequested = bytesRequested
            self.bytesRead = bytesRead
            self.bytesDecompressed = bytesDecompressed
            self.partsSkipped = partsSkipped
            self.peakMemoryBytes = peakMemoryBytes
            self.detail = detail
            self.locality = locality
        }
    }

    /// From the plan's root down.
    public var rows: [Row]
    public var wallNanoseconds: Int
    public var peakMemoryBytes: Int
    public var bytesRead: Int
    /// Damaged parts of files that were passed over.
    public var partsSkipped: Int { rows.reduce(0) { $0 + $1.partsSkipped } }

    public init(rows: [Row] = [], wallNanoseconds: Int = 0, peakMemoryBytes: Int = 0, bytesRead: Int = 0) {
        self.rows = rows
        self.wallNanoseconds = wallNanoseconds
        self.peakMemoryBytes = peakMemoryBytes
        self.bytesRead = bytesRead
    }
}
