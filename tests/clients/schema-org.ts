// schema.org's types by name: the type of a node with one `@type`, and of one that is two things at once.
import type { Thing } from 'schema-dts'

export type Named<Name extends string> = Extract<Thing, { '@type': Name }>

export type Both<A extends string, B extends string> = Omit<Named<A>, '@type'> & Omit<Named<B>, '@type'> & { '@type': [A, B] }
