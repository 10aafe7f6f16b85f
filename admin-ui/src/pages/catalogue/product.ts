import { useQuery } from '@tanstack/react-query'
import { api, read, type Success } from '../../api.ts'

export type Product = Success<Awaited<ReturnType<(typeof api.api.products)[':id']['$get']>>>
export type Variant = Product['variants'][number]
export type VariantListing = Variant['listings'][number]

/** A change as the hub takes it: only what is named changes. */
export type ProductChange = Omit<
  Parameters<(typeof api.api.products)[':id']['$patch']>[0]['json'],
  'revision'
>

export const useProduct = (id: string) =>
  useQuery({
    queryKey: ['products', 'one', id],
    queryFn: () => read(api.api.products[':id'].$get({ param: { id } })),
  })
