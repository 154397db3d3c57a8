/// One data page of a chunk that is being written.
struct WrittenPage {
    /// From the chunk's first data page.
    var offset: Int
    var byteCount: Int
    var firstRow: Int
    var entries: Int
    var nulls: Int
    var encoding: Encoding
    var bounds: ValueBounds
}

/// A column chunk that is being written, or was.
struct WrittenChunk {
    var pages: [WrittenPage] = []
    var rows = 0
    var entries = 0
    var nulls = 0
    var encodings: Set<Encoding> = []
    var uncompressedBytes = 0
    var storedBytes = 0
    /// Bytes of the dictionary page, with its header.
    var dictionaryBytes = 0
    var bounds = ValueBounds()
    /// Where the chunk starts in the file.
    var offset = 0
    var offsetIndex: (offset: Int, byteCount: Int)?
    var columnIndex: (offset: Int, byteCount: Int)?
    /// Not yet written.
    var bloomFilterBytes: [UInt8]?
    var bloomFilter: (offset: Int, byteCount: Int)?
}

/// A leaf of the schema of a file that is being written.
struct WrittenLeaf {
    var path: [String]
    var type: StoredType
    var form: LeafForm
    var definitionLevel: Int
    var repetitionLevel: Int
}
