/** A mistake of the page's own code. Its words are for those who write the page; a person reads that something unexpected happened. */
export class Mistake extends Error {}
